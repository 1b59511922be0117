-- D21. An administrative penalty is paid, or after the period to sue (行政诉讼法 45, 46; 行诉解释 64;
-- 土地管理法 83) and three months more (行政强制法 53) its agency has applied to the court, not before
-- ten working days from its reminder (54, 69), and demands no more than 3 % a day and the fine
-- (行政处罚法 72, 73). The court accepts in 5 working days, rules in 7 or, heard, in 30 days
-- (强制法 56 to 58). Agencies with power of their own apply to nobody.

-- The agency's own row and the published one tell of one penalty; several parties owe together.
WITH RECURSIVE imposed AS MATERIALIZED (
  SELECT decision_no, party, max(fine_fen) AS fine_fen, max(confiscated_fen) AS confiscated_fen,
         min(decided_on) AS decided_on, max(served_on) AS served_on,
         bool_or(demolition) AS demolition, bool_or(suit_notice IS NOT DISTINCT FROM FALSE)
           AS uninformed, bool_or(annulled_on IS NOT NULL) AS annulled
  FROM Penalty GROUP BY decision_no, party),

penalty AS MATERIALIZED (
  SELECT decision_no, sum(fine_fen)::BIGINT AS fine_fen,
         sum(fine_fen + confiscated_fen)::BIGINT AS due_fen, min(decided_on) AS decided_on,
         max(served_on) AS served_on, bool_or(demolition) AS demolition,
         bool_or(uninformed) AS uninformed,
         EXISTS (SELECT 1 FROM listed l WHERE l.list IN ('own_power_organs', 'police_organs')
                 AND l.entry = (SELECT min_by(q.agency, (q.decided_on, q.key)) FROM Penalty q
                                WHERE q.decision_no = imposed.decision_no)) AS own_power
  FROM imposed GROUP BY decision_no HAVING NOT bool_or(annulled)),

step AS MATERIALIZED (SELECT * FROM CaseStep),

-- What the court has received was applied for, whether or not the agency says so.
application AS MATERIALIZED (
  SELECT case_no AS decision_no, "on", organ = 'agency' AS agencys FROM step
  WHERE (organ = 'agency' AND step = 'applied_to_court')
     OR (organ = 'court' AND step LIKE 'nl\_%' ESCAPE '\')),

stopped AS (SELECT case_no, since, coalesce(until, DATE '9999-12-31') AS until FROM Pause
            WHERE ground IN ('reconsideration', 'suit')),

receipt AS MATERIALIZED (
  SELECT for_no, "on", sum(amount_fen) OVER (
           PARTITION BY for_no ORDER BY "on" RANGE UNBOUNDED PRECEDING) AS total
  FROM Receipt WHERE kind = 'paid'),

-- What is still owed, and the day on which all was performed.
owed AS MATERIALIZED (
  SELECT p.decision_no, p.due_fen,
         greatest(p.due_fen - coalesce((SELECT max(r.total) FROM receipt r
                                        WHERE r.for_no = p.decision_no), 0), 0) AS left_fen,
         CASE WHEN p.due_fen > 0 THEN
           (SELECT min(r."on") FROM receipt r WHERE r.for_no = p.decision_no
            AND r.total >= p.due_fen) END AS paid_on,
         CASE WHEN p.demolition THEN
           (SELECT min(s."on") FROM step s WHERE s.case_no = p.decision_no
            AND s.organ = 'agency' AND s.step = 'order_complied'
            AND s."on" >= coalesce(p.served_on, p.decided_on)) END AS complied_on
  FROM penalty p),

performed AS MATERIALIZED (
  SELECT p.decision_no, o.left_fen,
         CASE WHEN p.demolition AND o.due_fen > 0 THEN later_of(o.paid_on, o.complied_on)
              WHEN p.demolition THEN o.complied_on ELSE o.paid_on END AS "on"
  FROM penalty p JOIN owed o USING (decision_no)),

-- ---- the period to sue

opened AS MATERIALIZED (
  SELECT p.decision_no, p.served_on,
         (SELECT max(s."on") FROM step s WHERE s.case_no = p.decision_no AND s.organ = 'agency'
          AND s.step = 'review_decision_served' AND s."on" >= p.served_on) AS reviewed_on,
         p.demolition AND p.served_on >= DATE '2020-01-01' AS land,
         p.uninformed
  FROM penalty p WHERE p.served_on IS NOT NULL),

-- Days on which terms run, numbered from the service.
free AS MATERIALIZED (
  SELECT o.decision_no, c.day, c.works,
         row_number() OVER (PARTITION BY o.decision_no ORDER BY c.day) AS number
  FROM opened o JOIN calendar c ON c.day > o.served_on AND c.day < o.served_on + 1800
  WHERE NOT EXISTS (SELECT 1 FROM stopped s WHERE s.case_no = o.decision_no
                    AND c.day BETWEEN s.since AND s.until)),

-- Of an order to demolish the period is its own; what remains of it when it was obeyed in time is
-- the fine, with the general one.
period AS (
  SELECT decision_no, 'general' AS kind, served_on, coalesce(reviewed_on, served_on) AS start,
         CASE WHEN reviewed_on IS NOT NULL THEN 15
              WHEN uninformed THEN months_later(served_on, CASE
                WHEN served_on >= DATE '2018-02-08' THEN 12 ELSE 24 END) - served_on
              ELSE months_later(served_on, 6) - served_on END AS days
  FROM opened
  UNION ALL
  SELECT decision_no, 'land', served_on, served_on, 15
  FROM opened WHERE land AND reviewed_on IS NULL AND NOT uninformed),

sued AS MATERIALIZED (
  SELECT p.decision_no, p.kind, p.served_on,
         (SELECT min(f.day) FROM free f WHERE f.decision_no = p.decision_no AND f.works
          AND f.number >= p.days + (SELECT count(*) FROM free b
            WHERE b.decision_no = p.decision_no AND b.day <= p.start)) AS ended
  FROM period p),

-- ---- the application: three months from there, or from the end of a deferral that was granted
-- while they ran

deferral AS MATERIALIZED (
  SELECT s.case_no AS decision_no, s."on" AS granted, s.until,
         row_number() OVER (PARTITION BY s.case_no ORDER BY s."on", s.until) AS number
  FROM step s WHERE s.organ = 'agency' AND s.step = 'instalments_granted'
  AND s."on" >= DATE '2021-07-15'),

term AS (
  SELECT s.decision_no, s.kind, s.served_on, 0 AS number, s.ended AS start,
         (SELECT min(f.day) FROM free f WHERE f.decision_no = s.decision_no AND f.works
          AND f.number >= months_later(s.ended, 3) - s.ended + (SELECT count(*) FROM free b
            WHERE b.decision_no = s.decision_no AND b.day <= s.ended)) AS due
  FROM sued s WHERE s.ended IS NOT NULL AND s.served_on >= DATE '2012-01-01'
  UNION ALL
  SELECT t.decision_no, t.kind, t.served_on, t.number + 1,
         CASE WHEN d.granted > t.due OR d.until <= t.start THEN t.start ELSE d.until END,
         CASE WHEN d.granted > t.due OR d.until <= t.start THEN t.due
              ELSE (SELECT min(f.day) FROM free f WHERE f.decision_no = t.decision_no AND f.works
                    AND f.number >= months_later(d.until, 3) - d.until + (
                      SELECT count(*) FROM free b
                      WHERE b.decision_no = t.decision_no AND b.day <= d.until)) END
  FROM term t JOIN deferral d ON d.decision_no = t.decision_no AND d.number = t.number + 1),

last_term AS MATERIALIZED (
  SELECT DISTINCT ON (decision_no, kind) * FROM term ORDER BY decision_no, kind, number DESC),

chosen AS (
  SELECT t.*, CASE WHEN t.kind = 'general' AND EXISTS (
                SELECT 1 FROM last_term l WHERE l.decision_no = t.decision_no AND l.kind = 'land')
              THEN o.paid_on ELSE f."on" END AS performed_on
  FROM last_term t JOIN penalty p USING (decision_no) JOIN owed o USING (decision_no)
  JOIN performed f USING (decision_no)
  WHERE NOT p.own_power AND (p.due_fen > 0 OR p.demolition)
    AND CASE WHEN EXISTS (SELECT 1 FROM last_term l WHERE l.decision_no = t.decision_no
                          AND l.kind = 'land' AND NOT (coalesce(o.complied_on <= l.due, FALSE)
                                                       AND o.due_fen > 0))
             THEN t.kind = 'land' ELSE t.kind = 'general' END),

apply AS (
  SELECT c.decision_no, c.served_on, c.due,
         least((SELECT min(a."on") FROM application a WHERE a.decision_no = c.decision_no),
               c.performed_on) AS done,
         (SELECT left_fen FROM owed o WHERE o.decision_no = c.decision_no) AS left_fen,
         NOT (SELECT p.demolition FROM penalty p WHERE p.decision_no = c.decision_no) OR (
           SELECT complied_on FROM owed o WHERE o.decision_no = c.decision_no) IS NOT NULL
           AS complied
  FROM chosen c),

-- ---- the reminder

first_application AS (
  SELECT p.decision_no, coalesce(p.served_on, p.decided_on) AS since, min(a."on") AS applied
  FROM penalty p JOIN application a USING (decision_no) WHERE NOT p.own_power GROUP BY ALL),

proper AS MATERIALIZED (  -- applications that waited for the ten working days
  SELECT a.* FROM application a
  WHERE EXISTS (SELECT 1 FROM step r WHERE r.case_no = a.decision_no AND r.organ = 'agency'
                AND r.step = 'reminder_served' AND working_days_later(r."on", 10) <= a."on")),

-- ---- the surcharge

asked AS (
  SELECT p.decision_no, p.fine_fen, s.key, s."on", s.amount_fen,
         greatest(rolled(CAST(p.served_on + 15 AS DATE)),
                  (SELECT max(i.until) FROM step i WHERE i.case_no = p.decision_no
                   AND i.organ = 'agency' AND i.step = 'instalments_granted'
                   AND i."on" <= s."on")) AS due,
         least(coalesce(s.until, s."on"), f."on") AS until
  FROM penalty p JOIN performed f USING (decision_no)
  JOIN step s ON s.case_no = p.decision_no AND s.organ = 'agency'
   AND s.step = 'surcharge_demanded' AND s.amount_fen IS NOT NULL
  WHERE p.served_on IS NOT NULL AND p.fine_fen > 0),

demand AS MATERIALIZED (
  SELECT a.decision_no, a.fine_fen, a.key, a."on", a.amount_fen,
         coalesce(greatest(a.until - a.due, 0), 0) - (
           SELECT count(*) FROM calendar c WHERE c.day BETWEEN DATE '2021-07-15' AND a.until
           AND c.day > a.due AND EXISTS (
             SELECT 1 FROM stopped t WHERE t.case_no = a.decision_no
             AND c.day BETWEEN t.since AND t.until)) AS days
  FROM asked a),

excess AS MATERIALIZED (
  SELECT *, amount_fen - CASE WHEN "on" >= DATE '2012-01-01'
           THEN least(fine_fen * 3 * days // 100, fine_fen)
           ELSE fine_fen * 3 * days // 100 END AS over_fen
  FROM demand),

-- ---- the court

received AS (
  SELECT s.case_no, s.doc_no, coalesce(nullif(s.doc_no, ''), min_by(s.key, (s."on", s.key))) AS number,
         min(s."on") AS start
  FROM step s JOIN penalty p ON p.decision_no = s.case_no
  WHERE s.organ = 'court' AND s.step = 'nl_received' GROUP BY s.case_no, s.doc_no),

accepted AS (
  SELECT s.case_no, s.doc_no, coalesce(nullif(s.doc_no, ''), min_by(s.key, (s."on", s.key))) AS number,
         min(s."on") AS start
  FROM step s JOIN penalty p ON p.decision_no = s.case_no
  WHERE s.organ = 'court' AND s.step = 'nl_accepted'
    AND NOT EXISTS (SELECT 1 FROM received r WHERE r.case_no = s.case_no AND r.doc_no = s.doc_no
                    AND r.start > s."on") GROUP BY s.case_no, s.doc_no),

ruled AS (
  SELECT s.case_no, s.doc_no, coalesce(nullif(s.doc_no, ''), min_by(s.key, (s."on", s.key))) AS number,
         min(s."on") AS start
  FROM step s JOIN penalty p ON p.decision_no = s.case_no
  WHERE s.organ = 'court' AND s.step = 'nl_ruled'
    AND NOT EXISTS (SELECT 1 FROM received r WHERE r.case_no = s.case_no AND r.doc_no = s.doc_no
                    AND r.start > s."on")
    AND NOT EXISTS (SELECT 1 FROM accepted a WHERE a.case_no = s.case_no AND a.doc_no = s.doc_no
                    AND a.start > s."on") GROUP BY s.case_no, s.doc_no),

halted AS (SELECT case_no, since, coalesce(until, DATE '9999-12-31') AS until FROM Pause
           WHERE ground = 'suspension'),

ruled_days AS MATERIALIZED (
  SELECT r.case_no, r.number, c.day, c.works,
         row_number() OVER (PARTITION BY r.case_no, r.number ORDER BY c.day) AS n
  FROM ruled r JOIN calendar c ON c.day > r.start AND c.day < r.start + 1200
  WHERE NOT EXISTS (SELECT 1 FROM halted h WHERE h.case_no = r.case_no
                    AND c.day BETWEEN h.since AND h.until)),

duty AS (
  SELECT 'court_accept' AS rule, case_no, doc_no, number, start, working_days_later(start, 5) AS due,
         ['nl_accepted', 'nl_hearing', 'nl_refused', 'nl_ruled', 'nl_executed'] AS steps, TRUE AS legal
  FROM received WHERE start >= DATE '2012-01-01'
  UNION ALL
  SELECT 'court_rule', a.case_no, a.doc_no, a.number, a.start,
         CASE WHEN EXISTS (SELECT 1 FROM step h WHERE h.case_no = a.case_no AND h.organ = 'court'
                           AND h.doc_no = a.doc_no AND h.step = 'nl_hearing' AND h."on" >= a.start)
              THEN rolled(CAST(a.start + 30 AS DATE)) ELSE working_days_later(a.start, 7) END,
         ['nl_ruled', 'nl_refused', 'nl_executed'], TRUE
  FROM accepted a WHERE a.start >= DATE '2012-01-01'
  UNION ALL
  SELECT 'not_carried_out', case_no, doc_no, number, start,
         (SELECT min(d.day) FROM ruled_days d WHERE d.case_no = ruled.case_no
          AND d.number = ruled.number AND d.works AND d.n >= months_later(start, 6) - start),
         ['nl_executed'], FALSE
  FROM ruled),

court AS (
  SELECT d.*, least(
           (SELECT min(s."on") FROM step s WHERE s.case_no = d.case_no AND s.organ = 'court'
            AND s.doc_no = d.doc_no AND list_contains(d.steps, s.step) AND s."on" >= d.start),
           CASE WHEN f."on" >= d.start THEN f."on" END) AS done,
         f.left_fen
  FROM duty d JOIN performed f ON f.decision_no = d.case_no),

-- Nobody is left who owes, from that day on.
nobody AS MATERIALIZED (
  SELECT i.decision_no, max(e.ended_on) AS "on"
  FROM imposed i LEFT JOIN (SELECT case_no, party, min(ended_on) AS ended_on
                            FROM PartyEnded GROUP BY ALL) e
    ON e.case_no = i.decision_no AND e.party = i.party
  GROUP BY i.decision_no HAVING count(*) = count(e.ended_on))


SELECT decision_no AS party, 'apply' AS rule, decision_no || '/apply' AS obligation,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status,
       left_fen AS amount_fen, due
FROM apply
WHERE NOT EXISTS (SELECT 1 FROM nobody n WHERE n.decision_no = apply.decision_no AND n."on" <= due)
  AND CASE WHEN done IS NOT NULL THEN done > due
      WHEN over(due) THEN steps_complete('agency', 'applied_to_court', served_on, due)
        AND steps_complete('agency', 'instalments_granted', served_on, due)
        AND (complied OR steps_complete('agency', 'order_complied', served_on, due))
        AND is_complete('Receipt', 'kind', 'paid', served_on, due)
        AND is_complete('Pause', 'ground', 'reconsideration', served_on, due)
        AND is_complete('Pause', 'ground', 'suit', served_on, due)
      ELSE (SELECT as_of FROM parameter) >= due - 30 END
UNION ALL
SELECT decision_no, 'reminder', decision_no || '/reminder',
       CASE WHEN EXISTS (SELECT 1 FROM proper r WHERE r.decision_no = a.decision_no AND r.agencys)
            THEN 'cured' ELSE 'holds' END, left_fen, NULL
FROM first_application a JOIN performed USING (decision_no)
WHERE applied >= DATE '2012-01-01'
  AND NOT EXISTS (SELECT 1 FROM nobody n WHERE n.decision_no = a.decision_no AND n."on" <= applied)
  AND NOT EXISTS (SELECT 1 FROM proper r WHERE r.decision_no = a.decision_no AND r."on" = applied)
  AND steps_complete('agency', 'reminder_served', since, applied)
UNION ALL
SELECT decision_no, 'surcharge', decision_no || '/surcharge',
       CASE WHEN EXISTS (SELECT 1 FROM excess l WHERE l.decision_no = e.decision_no
                         AND l."on" >= e."on" AND l.over_fen <= 0) THEN 'cured' ELSE 'holds' END,
       over_fen, NULL
FROM (SELECT DISTINCT ON (decision_no) * FROM excess WHERE over_fen > 0
      ORDER BY decision_no, "on" DESC) e
WHERE NOT EXISTS (SELECT 1 FROM nobody n WHERE n.decision_no = e.decision_no AND n."on" <= e."on")
UNION ALL
SELECT case_no, rule, number || CASE rule WHEN 'not_carried_out' THEN '/execution'
                                 ELSE '/' || rule END,
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END,
       left_fen, due
FROM court
WHERE NOT EXISTS (SELECT 1 FROM nobody n WHERE n.decision_no = court.case_no AND n."on" <= due)
  AND CASE WHEN done IS NOT NULL THEN done > due AND legal
      ELSE over(due) AND steps_complete('court', steps[1], start, due)
        AND (rule = 'not_carried_out' OR steps_complete('court', 'nl_refused', start, due))
        AND (rule <> 'not_carried_out' OR is_complete('Receipt', 'kind', 'paid', start, due)) END
