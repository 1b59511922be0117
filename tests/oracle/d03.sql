-- D03. After a final decision not to prosecute: passed on in 3 working days, reviewed in 10 from
-- acceptance (指引, law from 2024-11-26, before that a setting of the product), answered by the day
-- that the opinion states (else two months, a setting), punished within 90 days of the agency's
-- opening of its case (行政处罚法 60, from 2021-07-15), by the police within their own longest term.

WITH RECURSIVE declined AS (
  SELECT *, decided_on >= DATE '2024-11-26' AS guided FROM Decision
  WHERE kind IN ('non_prosecution_statutory', 'non_prosecution_relative', 'non_prosecution_doubt')),

step AS (SELECT * FROM CaseStep WHERE organ = 'procuratorate'),

-- A lawful reason ends every duty of the chain.
excused AS (
  SELECT d.decision_no, d.party FROM declined d
  WHERE d.revoked_on IS NOT NULL
     OR EXISTS (SELECT 1 FROM Decision p WHERE p.party = d.party AND p.case_no = d.case_no
                AND p.kind = 'prosecution' AND p.decided_on >= d.decided_on)
     OR EXISTS (SELECT 1 FROM Penalty p JOIN falls_under f ON f.cause = p.cause
                WHERE p.party = d.party AND list_contains(d.charges, f.charge)
                AND p.annulled_on IS NULL AND p.decided_on <= d.decided_on
                AND p.decided_on >= months_later(d.decided_on, -12))
     OR EXISTS (SELECT 1 FROM step s WHERE s.party = d.party AND s.case_no = d.case_no
                AND s.step = 'no_penalty_needed' AND s."on" >= d.decided_on)
     OR (length(d.party) = 18 AND d.party NOT LIKE '9%' AND months_later(
           strptime(substr(d.party, 7, 8), '%Y%m%d')::DATE, 168) >= d.decided_on)),

duty AS (SELECT d.* FROM declined d ANTI JOIN excused e ON e.decision_no = d.decision_no AND e.party = d.party),

-- ---- transfer: whoever has accepted a case has been given it

transfer AS (
  SELECT d.party, d.decision_no, d.guided, d.decided_on AS start,
         working_days_later(d.decided_on, 3) AS due,
         (SELECT min(s."on") FROM step s WHERE s.party = d.party AND s.case_no = d.case_no
          AND s.step IN ('transferred', 'accepted') AND s."on" >= d.decided_on) AS done
  FROM duty d),

-- ---- review: paused days do not count, nor do days added by the chief in time

acceptance AS (
  SELECT d.party, d.case_no, d.decision_no, d.guided, d.decided_on, min(s."on") AS start
  FROM duty d JOIN step s ON s.party = d.party AND s.case_no = d.case_no
   AND s.step = 'accepted' AND s."on" >= d.decided_on
  GROUP BY ALL),

countable AS (
  SELECT a.party, a.decision_no, a.start, c.day,
         row_number() OVER (PARTITION BY a.party, a.decision_no ORDER BY c.day) AS number
  FROM acceptance a JOIN calendar c ON c.works AND c.day > a.start AND c.day < a.start + 1500
  WHERE NOT EXISTS (
    SELECT 1 FROM Pause p WHERE p.party = a.party AND p.case_no = a.case_no
    AND p.ground IN ('consultation', 'reconsideration', 'complaint', 'suit', 'suspension')
    AND c.day BETWEEN p.since AND coalesce(p.until, DATE '9999-12-31'))),

grant_ AS (
  SELECT a.party, a.decision_no, s."on" AS granted, s.until, row_number() OVER (
           PARTITION BY a.party, a.decision_no ORDER BY s."on") AS number
  FROM acceptance a JOIN step s ON s.party = a.party AND s.case_no = a.case_no
   AND s.step = 'extended' AND s."on" >= a.decided_on),

plain AS (
  SELECT a.*, (SELECT c.day FROM countable c WHERE c.party = a.party
               AND c.decision_no = a.decision_no AND c.number = 10) AS due
  FROM acceptance a),

-- Extension after extension, each granted while the term ran: the working days up to its last day
-- are added, the paused ones among them again left out. Without a last day the term stays open.
longer AS (
  SELECT party, decision_no, 0 AS number, due FROM plain
  UNION ALL
  SELECT e.party, e.decision_no, e.number + 1,
         CASE WHEN e.due IS NULL OR g.granted > e.due OR g.until <= e.due THEN e.due
              WHEN g.until IS NULL THEN NULL
              ELSE later_of(g.until, (
                SELECT c.day FROM countable c WHERE c.party = e.party
                AND c.decision_no = e.decision_no AND c.number = (
                  SELECT count(*) FROM countable b WHERE b.party = e.party
                  AND b.decision_no = e.decision_no AND b.day <= e.due) + (
                  SELECT count(*) FROM calendar w
                  WHERE w.works AND w.day > e.due AND w.day <= g.until))) END
  FROM longer e JOIN grant_ g
    ON g.party = e.party AND g.decision_no = e.decision_no AND g.number = e.number + 1),

reviewed AS (
  SELECT p.party, p.case_no, p.decision_no, p.guided, p.start, e.due,
         (SELECT min(s."on") FROM step s WHERE s.party = p.party AND s.case_no = p.case_no
          AND s.step = 'review_ended' AND s."on" >= p.start) AS done
  FROM plain p JOIN (SELECT party, decision_no, max(number) AS number
                      FROM longer GROUP BY party, decision_no) l
    ON l.party = p.party AND l.decision_no = p.decision_no
  JOIN longer e ON e.party = l.party AND e.decision_no = l.decision_no AND e.number = l.number),

-- ---- reply

opinion AS (
  SELECT d.party, d.case_no, d.decision_no, d.decided_on, d.charges, o.doc_no, o.recipient,
         o.served_on, o.reply_due IS NOT NULL AND d.decided_on >= DATE '2013-01-01' AS stated,
         CASE WHEN o.reply_due IS NOT NULL AND d.decided_on >= DATE '2013-01-01' THEN o.reply_due
              ELSE rolled(months_later(o.served_on, 2)) END AS due,
         o.issued_on AS since
  FROM duty d JOIN Document o ON o.party = d.party AND o.case_no = d.case_no
   AND o.kind = 'opinion' AND o.issued_on >= d.decided_on),

answered AS (
  SELECT o.*, (SELECT min(r.replied_on) FROM Reply r WHERE r.party = o.party
               AND r.doc_no = o.doc_no AND r.replied_on >= o.since) AS done
  FROM opinion o WHERE o.served_on IS NOT NULL),

-- ---- penalty

promise AS (  -- the first reply, once the opinion was served, that promises a penalty
  SELECT DISTINCT ON (o.party, o.decision_no, o.doc_no)
         o.*, r.replied_on, r.filed_on, coalesce(r.filed_on, r.replied_on) AS start, r.penalty_no,
         EXISTS (SELECT 1 FROM listed x WHERE x.list = 'police_organs' AND x.entry = o.recipient) AS police
  FROM opinion o JOIN Reply r ON r.doc_no = o.doc_no AND r.party = o.party
   AND r.replied_on >= o.since AND r.kind = 'will_punish'
  ORDER BY o.party, o.decision_no, o.doc_no, r.replied_on),

term AS (
  SELECT *, CASE WHEN filed_on IS NULL OR NOT police THEN
                   CASE WHEN start >= DATE '2021-07-15' THEN 90 END
                 WHEN start >= DATE '2026-01-01' THEN 90
                 WHEN start >= DATE '2013-01-01' THEN 60 END AS days
  FROM promise),

running AS (  -- the days of the term: all but those of an appraisal, and from 2026 on of a hearing
  SELECT t.party, t.decision_no, t.doc_no, c.day, c.works, row_number() OVER (
           PARTITION BY t.party, t.decision_no, t.doc_no ORDER BY c.day) AS number
  FROM term t JOIN calendar c ON c.day > t.start AND c.day < t.start + 1500
  WHERE NOT (t.police AND t.filed_on IS NOT NULL AND EXISTS (
    SELECT 1 FROM Pause p WHERE p.party = t.party AND p.case_no = t.case_no
    AND (p.ground = 'appraisal' OR (p.ground = 'hearing' AND t.start >= DATE '2026-01-01'))
    AND c.day BETWEEN p.since AND coalesce(p.until, DATE '9999-12-31')))),

punished AS (
  SELECT t.*, (SELECT min(r.day) FROM running r WHERE r.party = t.party
               AND r.decision_no = t.decision_no AND r.doc_no = t.doc_no
               AND r.number >= t.days AND r.works) AS fixed,
         least(
           (SELECT min(p.decided_on) FROM Penalty p WHERE p.party = t.party
            AND (EXISTS (SELECT 1 FROM Reply q WHERE q.party = t.party AND q.doc_no = t.doc_no
                         AND q.replied_on >= t.since AND nullif(q.penalty_no, '') = p.decision_no)
                 OR (p.agency = t.recipient AND p.annulled_on IS NULL
                     AND p.decided_on > t.decided_on AND EXISTS (
                       SELECT 1 FROM falls_under f
                       WHERE f.cause = p.cause AND list_contains(t.charges, f.charge))))),
           (SELECT min(r.replied_on) FROM Reply r WHERE r.party = t.party AND r.doc_no = t.doc_no
            AND r.kind <> 'will_punish' AND r.replied_on >= t.start)) AS concluded
  FROM term t WHERE t.days IS NOT NULL)

SELECT party, 'transfer' AS rule, decision_no || '/transfer' AS obligation,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status, 0 AS amount_fen, due
FROM transfer
WHERE CASE WHEN done IS NOT NULL THEN done > due AND guided
      ELSE over(due) AND is_complete('CaseStep', 'step', 'transferred', start, due) END
UNION ALL
SELECT party, 'review', decision_no || '/review',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM reviewed
WHERE CASE WHEN done IS NOT NULL THEN done > due AND guided
      ELSE over(due) AND is_complete('CaseStep', 'step', 'review_ended', start, due) END
UNION ALL
SELECT party, 'reply', decision_no || '/reply/' || doc_no,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM answered
WHERE CASE WHEN done IS NOT NULL THEN done > due AND stated
      ELSE over(due) AND is_complete('Reply', 'agency', recipient, served_on, due) END
UNION ALL
SELECT party, 'penalty', decision_no || '/penalty/' || doc_no,
       CASE WHEN concluded IS NULL THEN 'holds' ELSE 'cured' END, 0, fixed
FROM punished
WHERE CASE WHEN concluded IS NOT NULL THEN concluded > fixed AND filed_on IS NOT NULL
      ELSE over(fixed) AND is_complete('Penalty', 'agency', recipient, start, fixed) END
