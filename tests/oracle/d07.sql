-- D07. Bail for twelve months, residence for six, each organ by itself (刑诉法 79; 规则 102, 103). A
-- case that nobody sends or ends within a year of the measures (法释〔2015〕24号 2; economic crime:
-- 公通字〔2017〕25号 25), or within two of its opening where no measure was taken (the same, 3 and 25).
-- Fifteen days after a refusal to arrest for want of a crime (规则 287), three months after an opening
-- under supervision (规则 564). Arrest requested in three days of detention, four more if granted in
-- time, thirty on a ground of 刑诉法 91.

WITH RECURSIVE measure AS (
  SELECT person AS party, feed, key, measure_no, coalesce(nullif(case_no, ''), measure_no) AS case_no, kind,
         coalesce(organ, '') AS organ, since, until, coalesce(end_reason, '') AS end_reason
  FROM Restraint),
named AS (  -- every number under which a paper about the person runs
  SELECT party, police_case_no AS no FROM PoliceCase
  UNION SELECT party, case_no FROM measure
  UNION SELECT party, case_no FROM CaseStep WHERE party <> ''
  UNION SELECT party, other_no FROM CaseStep WHERE party <> '' AND other_no <> ''
  UNION SELECT party, case_no FROM Decision),
tied AS (  -- a paper names two numbers: they are one case
  SELECT party, case_no AS a, other_no AS b FROM CaseStep WHERE party <> '' AND other_no <> ''
  UNION SELECT party, other_no, case_no FROM CaseStep WHERE party <> '' AND other_no <> ''),
quoted AS (
  SELECT party, no AS a, no AS b FROM named
  UNION
  SELECT s.party, s.a, t.b FROM quoted s JOIN tied t ON t.party = s.party AND t.a = s.b),

-- A number that only steps have belongs to the one case that was open, or in which a measure ran, on
-- its first day.
orphan AS (
  SELECT c.party, c.case_no AS no, min(c."on") AS day FROM CaseStep c
  WHERE c.party <> '' AND NOT EXISTS (
    SELECT 1 FROM quoted q WHERE q.party = c.party AND q.a = c.case_no
    AND (EXISTS (SELECT 1 FROM measure m WHERE m.party = q.party AND m.case_no = q.b)
         OR EXISTS (SELECT 1 FROM PoliceCase p WHERE p.party = q.party AND p.police_case_no = q.b)))
  GROUP BY ALL),
ran AS (
  SELECT o.party, o.no, min(q.b) AS case_ FROM orphan o
  JOIN (SELECT party, case_no, since, until FROM measure
        UNION ALL SELECT party, police_case_no, filed_on, closed_on FROM PoliceCase) m
    ON m.party = o.party AND o.day BETWEEN m.since AND coalesce(m.until, DATE '9999-12-31')
  JOIN quoted q ON q.party = m.party AND q.a = m.case_no
  GROUP BY o.party, o.no, m.case_no),
adopted AS (
  SELECT party, no, min(case_) AS case_ FROM ran GROUP BY ALL HAVING count(DISTINCT case_) = 1),
linked AS (
  SELECT * FROM tied
  UNION SELECT party, no, case_ FROM adopted
  UNION SELECT party, case_, no FROM adopted),
same AS (  -- two numbers of one case
  SELECT party, no AS a, no AS b FROM named
  UNION
  SELECT s.party, s.a, l.b FROM same s JOIN linked l ON l.party = s.party AND l.a = s.b),

dead AS (
  SELECT person AS party, arg_min(died_on, (list_position(
           ['police', 'health', 'cremation', 'civil_affairs'], authority), -epoch(died_on))) AS died_on
  FROM Death WHERE NOT coalesce(cancelled, false) GROUP BY person),

gone AS (  -- the case went on in another place
  SELECT s.party, s.a AS no, c."on" FROM CaseStep c
  JOIN same s ON s.party = c.party AND s.b = c.case_no WHERE c.step = 'moved'),

final AS (  -- a judgment counts for the case that it names, or for the only one that there is
  SELECT s.party, s.a AS no, j.effective_on, j.pronounced_on FROM Judgment j
  JOIN same s ON s.party = j.party AND s.b = j.case_no
  UNION
  SELECT n.party, n.no, j.effective_on, j.pronounced_on FROM Judgment j
  JOIN named n ON n.party = j.party
  WHERE NOT EXISTS (SELECT 1 FROM named x WHERE x.party = j.party AND x.no = j.case_no)
    AND NOT EXISTS (SELECT 1 FROM named x WHERE x.party = j.party AND NOT EXISTS (
      SELECT 1 FROM same s WHERE s.party = x.party AND s.a = n.no AND s.b = x.no))),

-- ---- bail and residence

free AS (SELECT * FROM measure WHERE kind IN ('bail', 'residence')),
renewed AS (  -- renewed day on day by one organ it is one time
  SELECT *, since AS start FROM free
  UNION
  SELECT r.party, r.feed, r.key, r.measure_no, r.case_no, r.kind, r.organ, r.since, r.until, r.end_reason, p.since
  FROM renewed r JOIN free p ON p.party = r.party AND p.organ = r.organ AND p.kind = r.kind
   AND (p.since, p.key) < (r.start, r.key) AND r.start <= coalesce(p.until, DATE '9999-12-30') + 1
   AND EXISTS (SELECT 1 FROM same s WHERE s.party = r.party AND s.a = r.case_no AND s.b = p.case_no)),
term AS (
  SELECT party, feed, key, measure_no, case_no, kind, organ, since, until, min(start) AS start
  FROM renewed GROUP BY ALL),
counting AS (  -- the days of the term: not those on which the person was wanted
  SELECT t.party, t.key, c.day, c.works, row_number() OVER (PARTITION BY t.party, t.key ORDER BY c.day) AS number
  FROM term t JOIN calendar c ON c.day > t.start AND c.day < t.start + 1500
  WHERE NOT EXISTS (SELECT 1 FROM measure w JOIN same s ON s.party = w.party AND s.b = w.case_no
                    WHERE w.party = t.party AND s.a = t.case_no AND w.kind = 'wanted'
                    AND c.day BETWEEN w.since AND coalesce(w.until, DATE '9999-12-31'))
    AND NOT EXISTS (SELECT 1 FROM Pause p JOIN same s ON s.party = p.party AND s.b = p.case_no
                    WHERE p.party = t.party AND s.a = t.case_no AND p.ground = 'absconded'
                    AND c.day BETWEEN p.since AND coalesce(p.until, DATE '9999-12-31'))),
limited AS (
  SELECT t.*, start >= DATE '2018-10-26' AS legal,
         (SELECT min(c.day) FROM counting c WHERE c.party = t.party AND c.key = t.key AND c.works
          AND c.number >= date_diff('day', t.start, months_later(t.start, CASE kind WHEN 'bail' THEN 12 ELSE 6 END))
         ) AS due
  FROM term t),
freed AS (
  SELECT l.*, least(
           l.until,
           (SELECT min(m.since) FROM measure m JOIN same s ON s.party = m.party AND s.b = m.case_no
            WHERE m.party = l.party AND s.a = l.case_no AND m.since > l.since
            AND m.kind IN ('detention', 'arrest', 'residence', 'bail', 'prison')),
           (SELECT min(f.effective_on) FROM final f WHERE f.party = l.party AND f.no = l.case_no
            AND f.effective_on >= l.since)) AS done
  FROM limited l),

-- ---- after the measures, or without one

ended AS (  -- whatever sends a case or ends it
  SELECT s.party, s.a AS no, c."on" AS day FROM CaseStep c
  JOIN same s ON s.party = c.party AND s.b = c.case_no
  WHERE c.step IN ('sent_for_prosecution', 'withdrawn', 'investigation_ended',
                   -- what only follows on being sent, or sent again: review and trial
                   'review', 'resubmitted', 'received', 'first_instance', 'second_instance')
  UNION SELECT s.party, s.a, d.decided_on FROM Decision d JOIN same s ON s.party = d.party AND s.b = d.case_no
  WHERE d.kind IN ('non_prosecution_statutory', 'non_prosecution_relative', 'non_prosecution_doubt', 'prosecution')
    AND d.revoked_on IS NULL
  UNION SELECT s.party, s.a, p.closed_on FROM PoliceCase p JOIN same s ON s.party = p.party AND s.b = p.police_case_no
  WHERE p.closed_on IS NOT NULL
  UNION SELECT s.party, s.a, m.since FROM measure m JOIN same s ON s.party = m.party AND s.b = m.case_no
  WHERE m.organ IN ('procuratorate', 'court') AND m.kind IN ('bail', 'residence')  -- they have the case
  UNION SELECT party, no, pronounced_on FROM final),

returned AS (
  SELECT s.party, s.a AS no, max(c."on") AS day FROM CaseStep c
  JOIN same s ON s.party = c.party AND s.b = c.case_no
  WHERE c.step = 'returned_for_supplement' GROUP BY ALL),

compulsory AS (
  SELECT s.party, s.a AS no, m.key, m.since,
         CASE WHEN m.kind IN ('bail', 'residence') THEN least(l.done, l.due) ELSE m.until END AS over_on
  FROM measure m JOIN same s ON s.party = m.party AND s.b = m.case_no
  LEFT JOIN freed l ON l.party = m.party AND l.key = m.key
  WHERE m.kind IN ('detention', 'arrest', 'residence', 'bail')),

hanging AS (
  SELECT p.party, p.police_case_no, coalesce(p.economic, false) AS economic, p.filed_on,
         r.day AS returned_on, count(c.key) AS measures, bool_and(c.over_on IS NOT NULL) AS over_,
         max(c.over_on) AS start
  FROM PoliceCase p
  LEFT JOIN compulsory c ON c.party = p.party AND c.no = p.police_case_no
  LEFT JOIN returned r ON r.party = p.party AND r.no = p.police_case_no
  GROUP BY ALL),

late AS (
  SELECT h.*, 'after_measure' AS rule, CASE WHEN measures > 0 AND over_ THEN start END AS begins, 12 AS months
  FROM hanging h WHERE measures > 0
  UNION ALL
  SELECT h.*, 'no_measure', filed_on, 24 FROM hanging h WHERE measures = 0),

moved_on AS (
  SELECT l.*, (SELECT min(e.day) FROM ended e WHERE e.party = l.party AND e.no = l.police_case_no
               AND (l.returned_on IS NULL OR e.day >= l.returned_on)) AS done
  FROM late l),
waited AS (  -- sent back and never sent again, it lies since it came back
  SELECT * REPLACE (CASE WHEN done IS NULL THEN greatest(begins, returned_on) ELSE begins END AS begins),
         rolled(months_later(CASE WHEN done IS NULL THEN greatest(begins, returned_on) ELSE begins END, months)) AS due
  FROM moved_on WHERE begins >= DATE '2016-01-01'),

-- ---- after a refusal to arrest

refused AS (
  SELECT d.party, d.decision_no, d.case_no, d.decided_on, coalesce(d.served_on, (
           SELECT min(m.until) FROM measure m JOIN same s ON s.party = m.party AND s.b = m.case_no
           WHERE m.party = d.party AND s.a = d.case_no AND m.kind = 'detention' AND m.until >= d.decided_on)) AS start
  FROM Decision d WHERE d.kind = 'no_arrest_no_crime' AND d.revoked_on IS NULL),
followed AS (
  SELECT r.*, rolled(r.start + 15) AS due, least(
           (SELECT min(c."on") FROM CaseStep c JOIN same s ON s.party = c.party AND s.b = c.case_no
            WHERE c.party = r.party AND s.a = r.case_no AND c."on" >= r.decided_on
            AND c.step IN ('reconsideration_asked', 'review_asked', 'withdrawn', 'investigation_ended',
                           'sent_for_prosecution', 'arrest_requested')),
           (SELECT min(p.closed_on) FROM PoliceCase p JOIN same s ON s.party = p.party AND s.b = p.police_case_no
            WHERE p.party = r.party AND s.a = r.case_no AND p.closed_on >= r.decided_on)) AS done
  FROM refused r WHERE r.start >= DATE '2019-12-30'),

-- ---- opened because it was ordered

ordered AS (
  SELECT o.party, o.key, o.case_no, least(
           (SELECT min(p.filed_on) FROM PoliceCase p JOIN same s ON s.party = p.party AND s.b = p.police_case_no
            WHERE p.party = o.party AND s.a = o.case_no AND p.filed_on >= o."on" AND p.filed_by_supervision),
           (SELECT min(c."on") FROM CaseStep c JOIN same s ON s.party = c.party AND s.b = c.case_no
            WHERE c.party = o.party AND s.a = o.case_no AND c.step = 'filed' AND c."on" >= o."on")) AS start
  FROM CaseStep o WHERE o.step = 'filing_ordered' AND o.party <> ''),
stalled AS (
  SELECT o.*, rolled(months_later(o.start, 3)) AS due FROM ordered o
  WHERE o.start >= DATE '2019-12-30' AND NOT EXISTS (
    SELECT 1 FROM ended e WHERE e.party = o.party AND e.no = o.case_no AND e.day >= o.start)),

-- ---- arrest requested too late

asked AS (
  SELECT m.*, (SELECT min(c."on") FROM CaseStep c JOIN same s ON s.party = c.party AND s.b = c.case_no
               WHERE c.party = m.party AND s.a = m.case_no AND c.step = 'arrest_requested'
               AND c."on" BETWEEN m.since AND least(m.until, DATE '9999-12-31', (  -- or the next measure
                 SELECT min(x.since) FROM measure x JOIN same t ON t.party = x.party AND t.b = x.case_no
                 WHERE x.party = m.party AND t.a = m.case_no AND x.since > m.since AND x.kind IN
                 ('detention', 'arrest', 'residence', 'bail', 'prison', 'compulsory_medical')))) AS requested_on
  FROM measure m WHERE m.kind = 'detention' AND m.organ = 'police'),
held AS (  -- the days of the detention: not those of a psychiatric appraisal; no holiday moves the last
  SELECT a.party, a.key, c.day, row_number() OVER (PARTITION BY a.party, a.key ORDER BY c.day) AS number
  FROM asked a JOIN calendar c ON c.day > a.since AND c.day < a.since + 1000
  WHERE a.requested_on IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM Pause p JOIN same s ON s.party = p.party AND s.b = p.case_no
    WHERE p.party = a.party AND s.a = a.case_no AND p.ground = 'psychiatric_appraisal'
    AND c.day BETWEEN p.since AND coalesce(p.until, DATE '9999-12-31'))),
granted AS (
  SELECT a.party, a.key, c."on", coalesce(c.ground, '') <> '' AS grave,
         row_number() OVER (PARTITION BY a.party, a.key ORDER BY c."on", c.feed, c.key) AS n
  FROM asked a JOIN same s ON s.party = a.party AND s.a = a.case_no
  JOIN CaseStep c ON c.party = a.party AND c.case_no = s.b AND c.step = 'extended' AND c.organ = 'police'
   AND c."on" >= a.since
  WHERE a.requested_on IS NOT NULL),
allowed AS (
  SELECT party, key, 0 AS n, 3 AS days FROM asked WHERE requested_on IS NOT NULL
  UNION ALL
  SELECT l.party, l.key, l.n + 1, CASE
           WHEN g."on" > (SELECT h.day FROM held h WHERE h.party = l.party AND h.key = l.key AND h.number = l.days)
             THEN l.days
           WHEN g.grave THEN 30 ELSE greatest(l.days, 7) END
  FROM allowed l JOIN granted g ON g.party = l.party AND g.key = l.key AND g.n = l.n + 1),
in_time AS (
  SELECT a.*, (SELECT max(l.days) FROM allowed l WHERE l.party = a.party AND l.key = a.key) AS days,
         (SELECT h.day FROM held h WHERE h.party = a.party AND h.key = a.key AND h.number = 3) AS due
  FROM asked a WHERE a.requested_on IS NOT NULL)

SELECT party, kind AS rule, measure_no AS obligation,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status, 0 AS amount_fen, due
FROM freed f
WHERE NOT EXISTS (SELECT 1 FROM dead d WHERE d.party = f.party AND (done IS NULL OR d.died_on < done))
  AND NOT EXISTS (SELECT 1 FROM gone g WHERE g.party = f.party AND g.no = f.case_no AND g."on" >= f.since)
  AND CASE WHEN done IS NOT NULL THEN done > due AND legal
      WHEN over(due) THEN is_complete('Restraint', 'organ', organ, start, due)
      ELSE over(due - 31) END
UNION ALL
SELECT party, rule, police_case_no || '/' || rule, CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM waited w
WHERE NOT EXISTS (SELECT 1 FROM dead d WHERE d.party = w.party AND (done IS NULL OR d.died_on < done))
  AND NOT EXISTS (SELECT 1 FROM gone g WHERE g.party = w.party AND g.no = w.police_case_no)
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND is_complete('CaseStep', 'step', 'sent_for_prosecution', begins, due)
           AND is_complete('CaseStep', 'step', 'withdrawn', begins, due)
           AND is_complete('CaseStep', 'step', 'investigation_ended', begins, due)
           AND CASE rule WHEN 'after_measure' THEN is_complete('Decision', 'kind', 'non_prosecution_statutory', begins, due)
               ELSE is_complete('Restraint', 'organ', 'police', begins, due) END END
UNION ALL
SELECT party, 'no_arrest_followup', decision_no || '/followup', CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM followed w
WHERE NOT EXISTS (SELECT 1 FROM gone g WHERE g.party = w.party AND g.no = w.case_no)
  AND NOT EXISTS (SELECT 1 FROM dead d WHERE d.party = w.party AND (done IS NULL OR d.died_on < done))
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND steps_complete('police', 'reconsideration_asked', start, due)
           AND steps_complete('police', 'review_asked', start, due)
           AND steps_complete('police', 'withdrawn', start, due)
           AND steps_complete('police', 'investigation_ended', start, due)
           AND steps_complete('police', 'sent_for_prosecution', start, due) END
UNION ALL
SELECT party, 'supervised_stall', key || '/stall', 'holds', 0, due
FROM stalled w
WHERE NOT EXISTS (SELECT 1 FROM gone g WHERE g.party = w.party AND g.no = w.case_no)
  AND NOT EXISTS (SELECT 1 FROM dead d WHERE d.party = w.party) AND over(due) AND steps_complete('police', 'sent_for_prosecution', start, due)
  AND steps_complete('police', 'withdrawn', start, due)
  AND steps_complete('police', 'investigation_ended', start, due)
UNION ALL
SELECT i.party, 'request_late', measure_no || '/request', 'holds', 0, due
FROM in_time i
WHERE i.requested_on > (SELECT h.day FROM held h WHERE h.party = i.party AND h.key = i.key AND h.number = i.days)
  AND (days = 30 OR steps_complete('police', 'extended', i.since, i.requested_on))
