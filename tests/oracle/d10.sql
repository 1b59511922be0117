-- Rules: court_notice court_papers report_in hand_over held_unknown not_delivered ruling recall_decision arrest_48h arrest_30d not_closed
-- D10. From 2020-07-01: the court tells the office in 5 days and sends the papers in 10 (社区矫正法
-- 20); who is sentenced to control or probation, or paroled, reports in 10 days from effect, and who
-- is released for a time is handed over in 10 (21). The office learns of a measure against the
-- person in 5 days (a setting). To prison: papers in 10 days, delivery in a month from them (刑诉法
-- 264), not where three months or less are left; after a revocation a month (a setting).

WITH believed AS (
  SELECT DISTINCT ON (person) person, died_on FROM Death WHERE NOT coalesce(cancelled, FALSE)
  ORDER BY person, list_position(['police', 'health', 'cremation', 'civil_affairs'], authority),
           died_on DESC),

step AS MATERIALIZED (SELECT * FROM CaseStep WHERE party <> ''),

held AS MATERIALIZED (  -- where the person is not free to come
  SELECT *, coalesce(until, DATE '9999-12-31') AS last FROM Restraint
  WHERE kind IN ('detention', 'arrest', 'prison', 'administrative_detention', 'compulsory_medical')
    AND coalesce(until >= since, TRUE)),

convicted AS MATERIALIZED (
  SELECT *, EXISTS (  -- it is not in force yet
           SELECT 1 FROM step s WHERE s.party = j.party AND s.case_no = j.case_no
           AND s.organ = 'court' AND s.step = 'second_instance'
           AND s."on" > j.effective_on) AS appealed
  FROM Judgment j
  WHERE outcome = 'guilty' AND effective_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM Judgment r WHERE r.replaces = j.case_no AND r.party = j.party
                    AND r.effective_on IS NOT NULL)),

first_file AS MATERIALIZED (
  SELECT DISTINCT ON (person, case_no) * FROM CorrectionSpell WHERE case_no <> ''
  ORDER BY person, case_no, since, key),

outside AS MATERIALIZED (  -- served outside by the judgment itself
  SELECT j.* FROM convicted j LEFT JOIN first_file f ON f.person = j.party AND f.case_no = j.case_no
  -- what was made of it later by another paper says nothing of how it began
  WHERE CASE WHEN f.key IS NULL THEN penalty = '管制' OR probation_until IS NOT NULL
        ELSE f.kind IN ('control', 'probation') END),

-- What the office wrote of a judgment: in its first file, or under its number and that of a file
-- that is not known.
written AS MATERIALIZED (
  SELECT DISTINCT o.case_no, o.party, e.kind, e."on"
  FROM outside o JOIN CorrectionEvent e ON e.person = o.party
  LEFT JOIN first_file f ON f.person = o.party AND f.case_no = o.case_no
  WHERE e.file_no = f.file_no
     OR e.case_no = o.case_no AND NOT EXISTS (
       SELECT 1 FROM CorrectionSpell s WHERE s.person = e.person AND s.file_no = e.file_no)),

-- ---- the court

court AS (
  SELECT o.*, r.rule, r.step, rolled(CAST(o.effective_on + r.days AS DATE)) AS due,
         least((SELECT min(s."on") FROM step s WHERE s.party = o.party AND s.case_no = o.case_no
                AND s.organ = 'court' AND s.step = r.step),
               (SELECT min(w."on") FROM written w WHERE w.party = o.party
                AND w.case_no = o.case_no AND w.kind = r.step || '_received')) AS done
  FROM outside o, (VALUES ('court_notice', 'notice', 5), ('court_papers', 'papers', 10))
                  AS r(rule, step, days)
  WHERE o.effective_on >= DATE '2020-07-01' AND NOT o.appealed),

-- ---- reporting in: under the judgment, or under the first file where none is known

report AS (
  SELECT o.key, o.party, o.effective_on,
         least((SELECT min(w."on") FROM written w WHERE w.party = o.party
                AND w.case_no = o.case_no AND (w.kind = 'reported' AND w."on" >= o.effective_on
                OR w.kind IN ('admonition', 'warning', 'proposal_revoke')
                AND w."on" >= rolled(CAST(o.effective_on + 10 AS DATE)))),
               (SELECT min(s.since) FROM CorrectionSpell s WHERE s.person = o.party
                AND s.case_no = o.case_no)) AS done,
         EXISTS (SELECT 1 FROM written w WHERE w.party = o.party AND w.case_no = o.case_no
                 AND w.kind = 'transfer')
         OR EXISTS (SELECT 1 FROM CorrectionSpell s WHERE s.person = o.party
                    AND s.case_no = o.case_no AND s.end_reason = 'transferred')
         OR EXISTS (SELECT 1 FROM step s WHERE s.party = o.party AND s.case_no = o.case_no
                    AND s.step = 'moved') AS elsewhere
  FROM outside o WHERE NOT o.appealed
  UNION ALL
  SELECT f.key, f.person, f.effective_on,
         least(f.since, (SELECT min(e."on") FROM CorrectionEvent e WHERE e.person = f.person
                         AND e.file_no = f.file_no
                         AND (e.kind = 'reported' AND e."on" >= f.effective_on
                              OR e.kind IN ('admonition', 'warning', 'proposal_revoke')
                              AND e."on" >= rolled(CAST(f.effective_on + 10 AS DATE))))),
         f.end_reason = 'transferred' OR EXISTS (
           SELECT 1 FROM CorrectionEvent e WHERE e.person = f.person AND e.file_no = f.file_no
           AND e.kind = 'transfer')
  FROM CorrectionSpell f
  WHERE f.kind IN ('control', 'probation', 'parole') AND f.effective_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM convicted o WHERE o.party = f.person AND o.case_no = f.case_no
                    AND f.kind <> 'parole')),

reporting AS (
  SELECT *, rolled(CAST(effective_on + 10 AS DATE)) AS due FROM report
  WHERE effective_on >= DATE '2020-07-01'),

-- ---- handing over

let_go AS MATERIALIZED (  -- with the file that took the person over
  SELECT r.key, r.person, r.until AS start, r.kind <> 'prison' AS lock_up,
         (SELECT min_by(f.key, (f.since, f.key)) FROM CorrectionSpell f
          WHERE f.person = r.person AND f.kind = 'temporary_release' AND f.since >= r.until) AS file
  FROM Restraint r WHERE end_reason = 'temporary_release' AND until IS NOT NULL),

released AS (
  SELECT * FROM let_go
  UNION ALL
  SELECT key, person, effective_on, FALSE, key FROM CorrectionSpell f
  WHERE kind = 'temporary_release' AND effective_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM let_go l WHERE l.person = f.person AND l.file = f.key)),

handing AS (
  SELECT r.*, rolled(CAST(r.start + 10 AS DATE)) AS due,
         least((SELECT min(s."on") FROM step s WHERE s.party = r.person
                AND s.step = 'handed_over' AND s."on" >= r.start),
               (SELECT f.since FROM CorrectionSpell f WHERE f.person = r.person
                AND f.key = r.file)) AS done
  FROM released r WHERE r.start >= DATE '2020-07-01'),

-- ---- held under correction

measure AS (
  SELECT person, key, kind, since, last FROM held
  WHERE kind IN ('detention', 'arrest', 'administrative_detention')
  UNION ALL
  SELECT person, key, 'drug', decided_on, NULL FROM DrugOrder WHERE kind = 'compulsory'),

inside AS (
  SELECT f.file_no, f.key AS file, f.until, f.end_reason, m.*
  FROM CorrectionSpell f JOIN measure m USING (person)
  WHERE m.since >= f.since AND m.since <= coalesce(f.until, DATE '9999-12-31')),

unknown AS (
  SELECT m.person, m.file, m.key, m.since AS start, rolled(CAST(m.since + 5 AS DATE)) AS due,
         (SELECT min(e."on") FROM CorrectionEvent e WHERE e.person = m.person
          AND e.file_no = m.file_no AND e.kind = 'told_of_detention' AND e."on" >= m.since) AS done
  FROM inside m
  -- held already: of that the office was to be told
  WHERE NOT EXISTS (SELECT 1 FROM inside b WHERE b.person = m.person AND b.file = m.file
                    AND m.kind <> 'drug' AND (b.since, b.key) < (m.since, m.key)
                    AND b.last >= m.since - 1)
    -- the office asked for it itself, or knows of the revocation
    AND NOT (m.kind IN ('detention', 'arrest') AND EXISTS (
      SELECT 1 FROM CorrectionEvent e WHERE e.person = m.person AND e.file_no = m.file_no
      AND e.kind IN ('proposal_arrest', 'proposal_revoke', 'proposal_recall')
      AND e."on" <= m.since))
    AND NOT (m.end_reason = 'revoked' AND m.until IS NOT DISTINCT FROM m.since)),

-- ---- delivery

sentenced AS (
  SELECT j.*, least((SELECT min(s."on") FROM step s WHERE s.party = j.party
                     AND s.case_no = j.case_no AND s.organ = 'court' AND s.step = 'papers'),
                    rolled(CAST(j.effective_on + 10 AS DATE))) AS start
  FROM convicted j
  WHERE NOT appealed AND penalty IN ('有期徒刑', '无期', '死缓') AND probation_until IS NULL
    AND (sentence_until IS NOT NULL OR months IS NOT NULL OR penalty <> '有期徒刑')),

delivery AS (
  SELECT key, case_no, party, effective_on AS since, start, rolled(months_later(start, 1)) AS due,
         coalesce(sentence_until, CAST(months_later(coalesce(sentence_since, effective_on), months)
                                       - INTERVAL 1 DAY AS DATE)) AS sentence_until,
         start >= DATE '2018-10-26' AS legal, FALSE AS revoked
  FROM sentenced
  UNION ALL
  SELECT key, case_no, party, "on", "on", rolled(months_later("on", 1)), NULL, FALSE, TRUE
  FROM step WHERE organ = 'court' AND step IN ('ruled_revocation', 'recall_decided')),

delivering AS (
  SELECT d.*, least((SELECT min(greatest(h.since, d.since)) FROM Restraint h
                     WHERE h.person = d.party AND (h.since >= d.since OR h.until IS NULL
                                                   OR h.until >= d.since)
                     AND (h.kind = 'prison' OR d.revoked AND h.kind IN (
                       'detention', 'arrest', 'administrative_detention', 'compulsory_medical'))),
                    (SELECT min(s."on") FROM step s WHERE s.party = d.party
                     AND s.step = 'delivered' AND s."on" >= d.since)) AS done
  FROM delivery d
  WHERE (d.sentence_until IS NULL OR months_later(d.due, 3) < d.sentence_until)
    AND (d.revoked OR NOT EXISTS (
      SELECT 1 FROM CorrectionSpell f WHERE f.person = d.party AND f.kind = 'temporary_release'
      AND (f.case_no = d.case_no OR coalesce(f.effective_on, f.since) <= d.due
                                    AND coalesce(f.until, d.due) >= d.since)))),

-- ---- what the office proposed: 30 days to rule or to decide on recall, 48 hours to decide on arrest

proposal AS (
  SELECT e.key, e.person, e."on" AS start, e.file_no, p.*,
         CASE p.days WHEN 30 THEN rolled(CAST(e."on" + 30 AS DATE))
                     ELSE CAST(e."on" + 2 AS DATE) END AS due,
         (SELECT min(s."on") FROM step s WHERE s.party = e.person AND s.organ = 'court'
          AND s.step = p.step AND s."on" >= e."on") AS done
  FROM CorrectionEvent e JOIN (VALUES
    ('ruling', 'proposal_revoke', 'ruled_revocation', 30),
    ('recall_decision', 'proposal_recall', 'recall_decided', 30),
    ('arrest_48h', 'proposal_arrest', 'arrest_decided', 2)) AS p(rule, kind, step, days)
    ON p.kind = e.kind
  WHERE e."on" >= DATE '2020-07-01' AND (  -- somebody of whom it is known what is to be revoked
    EXISTS (SELECT 1 FROM CorrectionSpell f WHERE f.person = e.person AND f.file_no = e.file_no)
    OR EXISTS (SELECT 1 FROM outside o WHERE o.party = e.person AND o.case_no = e.case_no))),

arrested AS (  -- for the ruling, no more than thirty days, to the day
  SELECT p.key, p.person, h.since AS start, CAST(h.since + 30 AS DATE) AS due,
         least(h.until, (SELECT b.died_on FROM believed b WHERE b.person = p.person
                         AND b.died_on >= h.since), (SELECT min(s."on") FROM step s WHERE s.party = p.person
                         AND s.organ = 'court' AND s.step = 'ruled_revocation'
                         AND s."on" >= h.since)) AS done
  FROM proposal p JOIN Restraint h ON h.person = p.person AND h.kind = 'arrest'
  WHERE p.rule = 'arrest_48h' AND h.since = (
    SELECT min(g.since) FROM Restraint g WHERE g.person = p.person AND g.kind = 'arrest'
    AND g.since >= p.start)),

-- ---- the end of the term

term AS (
  SELECT f.key, f.person, f.until AS start, rolled(CAST(f.until + 10 AS DATE)) AS due, f.end_reason,
         (SELECT min(e."on") FROM CorrectionEvent e WHERE e.person = f.person
          AND e.file_no = f.file_no AND e.kind = 'closed') AS closed
  FROM CorrectionSpell f WHERE f.until IS NOT NULL)

SELECT party, rule, key || '/' || step AS obligation,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status, 0 AS amount_fen, due
FROM court c
WHERE NOT EXISTS (SELECT 1 FROM believed b WHERE b.person = c.party
                  AND b.died_on <= coalesce(c.done, b.died_on))
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND steps_complete('court', step, effective_on, due)
        AND is_complete('CorrectionEvent', 'kind', step || '_received', effective_on, due) END
UNION ALL
SELECT party, 'report_in', key || '/report_in',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM reporting r
WHERE NOT elsewhere
  AND NOT EXISTS (SELECT 1 FROM believed b WHERE b.person = r.party
                  AND b.died_on <= coalesce(r.done, b.died_on))
  AND NOT EXISTS (SELECT 1 FROM held h WHERE h.person = r.party AND r.due BETWEEN h.since AND h.last)
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND is_complete('CorrectionEvent', 'kind', 'reported', effective_on, due) END
UNION ALL
SELECT person, 'hand_over', key || '/hand_over',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM handing h
WHERE NOT EXISTS (SELECT 1 FROM believed b WHERE b.person = h.person
                  AND b.died_on <= coalesce(h.done, b.died_on))
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND steps_complete(CASE WHEN lock_up THEN 'lock_up' ELSE 'prison' END,
                                        'handed_over', start, due)
        AND is_complete('CorrectionSpell', 'kind', 'temporary_release', start, due) END
UNION ALL
SELECT person, 'held_unknown', file || '/held/' || key, 'holds', 0, due
FROM unknown
WHERE done IS NULL AND over(due)
  AND is_complete('CorrectionEvent', 'kind', 'told_of_detention', start, due)
UNION ALL
SELECT party, 'not_delivered', key || '/deliver',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM delivering d
WHERE NOT EXISTS (SELECT 1 FROM believed b WHERE b.person = d.party
                  AND b.died_on <= coalesce(d.done, b.died_on))
  AND CASE WHEN done IS NOT NULL THEN done > due AND legal
      ELSE over(due) AND is_complete('Restraint', 'kind', 'prison', start, due) END
UNION ALL
SELECT person, rule, key || '/' || rule,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM proposal p
WHERE NOT EXISTS (SELECT 1 FROM believed b WHERE b.person = p.person
                  AND b.died_on <= coalesce(p.done, b.died_on))
  AND CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND steps_complete('court', step, start, due) END
UNION ALL
SELECT person, 'arrest_30d', key || '/arrest_30d',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM arrested a
WHERE CASE WHEN done IS NOT NULL THEN done > due ELSE over(due) END
UNION ALL
SELECT person, 'not_closed', key || '/close', 'holds', 0, due
FROM term t
WHERE end_reason IN ('', 'completed')
  AND (closed < start OR closed IS NULL AND end_reason = '' AND over(due)
       AND is_complete('CorrectionEvent', 'kind', 'closed', start, due)
       AND is_complete('CorrectionSpell', 'end_reason', 'completed', start, due))
