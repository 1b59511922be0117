-- Rules: detention detention_own arrest_review investigation review supplement first_instance second_instance warning_7d med_opinion med_application med_accept med_decision
-- D17. Custody ends on the last day of the term of its stage, holiday
-- or not (刑诉法 105): 3 days of detention, 7 or 30 (91), 14 or 17 in the procuratorate's own cases
-- (167), 7 for the review of arrest, 2, 3, 5, 7 months of investigation (156, 158, 159), anew for
-- another crime (160), a month and 15 days or 10 and 15 of review (172), a month of supplement, twice
-- (175), 3 months and 3 of trial, 20 days and a month and a half, 10 and 15 (208, 220, 225), 2 and 2
-- of appeal (243). A psychiatric appraisal is left out (149). It is told when seven, three, one days
-- are left, and at once when it is over, whatever is complete. The lock-up warns in the last seven
-- days (规则 615).

WITH RECURSIVE measure AS MATERIALIZED (
  SELECT person, coalesce(nullif(case_no, ''), measure_no) AS number, measure_no, kind, organ, since,
         coalesce(until, DATE '9999-12-31') AS until, key
  FROM Restraint WHERE coalesce(until >= since, TRUE)),

step AS MATERIALIZED (SELECT * FROM CaseStep WHERE party <> ''),

-- ---- which numbers are one case: what a step links, and a number that only steps have, when one
-- case alone is running on the day of its first step

named AS MATERIALIZED (
  SELECT party, case_no AS number FROM step UNION SELECT party, other_no FROM step WHERE other_no <> ''
  UNION SELECT person, coalesce(nullif(case_no, ''), measure_no) FROM Restraint
  UNION SELECT party, case_no FROM Pause WHERE party <> ''),
link AS MATERIALIZED (
  SELECT party, case_no AS a, other_no AS b FROM step WHERE other_no <> ''
  UNION SELECT party, other_no, case_no FROM step WHERE other_no <> ''),
reached AS (
  SELECT party, number AS a, number AS b FROM named
  UNION SELECT r.party, r.a, l.b FROM reached r JOIN link l ON l.party = r.party AND l.a = r.b),
linked AS MATERIALIZED (
  SELECT party, a AS number, min(b) AS grp FROM reached GROUP BY party, a),
own AS MATERIALIZED (
  SELECT DISTINCT l.party, l.grp FROM Restraint m JOIN linked l
    ON l.party = m.person AND l.number = coalesce(nullif(m.case_no, ''), m.measure_no)),
orphan AS (
  SELECT l.party, l.grp, s.case_no, min(s."on") AS "on"
  FROM step s JOIN linked l ON l.party = s.party AND l.number = s.case_no
  WHERE NOT EXISTS (SELECT 1 FROM own o WHERE o.party = l.party AND o.grp = l.grp) GROUP BY ALL),
adopted AS MATERIALIZED (
  SELECT o.party, o.grp, min(l.grp) AS into_
  FROM orphan o JOIN measure m ON m.person = o.party AND o."on" BETWEEN m.since AND m.until
  JOIN linked l ON l.party = m.person AND l.number = m.number
  GROUP BY o.party, o.grp, o.case_no HAVING count(DISTINCT l.grp) = 1),
link2 AS MATERIALIZED (
  SELECT DISTINCT party, grp AS a, into_ AS b FROM adopted
  UNION SELECT DISTINCT party, into_, grp FROM adopted),
reached2 AS (
  SELECT DISTINCT party, grp AS a, grp AS b FROM linked
  UNION SELECT r.party, r.a, l.b FROM reached2 r JOIN link2 l ON l.party = r.party AND l.a = r.b),
matter AS MATERIALIZED (
  SELECT l.party, l.number, min(r.b) AS matter FROM linked l
  JOIN reached2 r ON r.party = l.party AND r.a = l.grp GROUP BY l.party, l.number),

-- ---- held: detention and arrest day on day are one time, ended by what came in their place

instead AS MATERIALIZED (
  SELECT m.person AS party, x.matter, m.since AS "on", m.kind
  FROM measure m JOIN matter x ON x.party = m.person AND x.number = m.number
  WHERE m.kind IN ('bail', 'residence', 'prison', 'compulsory_medical', 'arrest')
  UNION ALL
  SELECT s.party, x.matter, s."on", 'released' FROM step s
  JOIN matter x ON x.party = s.party AND x.number = s.case_no WHERE s.step = 'released'),
held_row AS MATERIALIZED (
  SELECT m.person AS party, x.matter, m.number, m.kind, m.organ, m.since, m.key,
         least(m.until, coalesce((
           SELECT min(i."on") FROM instead i WHERE i.party = m.person AND i.matter = x.matter
           AND i."on" > m.since AND (i.kind <> 'arrest' OR m.kind = 'detention')), m.until)) AS until
  FROM measure m JOIN matter x ON x.party = m.person AND x.number = m.number
  WHERE m.kind IN ('detention', 'arrest')),
spell_row AS MATERIALIZED (
  SELECT *, sum(fresh) OVER (PARTITION BY party, matter ORDER BY since, key) AS island FROM (
    SELECT *, CASE WHEN since > coalesce(max(until) OVER (
                PARTITION BY party, matter ORDER BY since, key
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), DATE '1900-01-01')
                + INTERVAL 1 DAY THEN 1 ELSE 0 END AS fresh FROM held_row)),
spell AS MATERIALIZED (
  SELECT party, matter, island, min(since) AS since, max(until) AS until FROM spell_row GROUP BY ALL),

-- ---- the stages, one after the other: what may begin one, by day, and what it begins

event AS MATERIALIZED (
  SELECT *, row_number() OVER (PARTITION BY party, matter ORDER BY "on", list_position(
           ['detention', 'arrest', 'arrest_requested', 'restart_160', 'sent_for_prosecution', 'review',
            'returned_for_supplement', 'resubmitted', 'first_instance', 'second_instance', 'own'],
           CASE WHEN restrained AND organ = 'procuratorate' THEN 'own' ELSE step END), key) AS n
  FROM (
    SELECT party, matter, kind AS step, organ, since AS "on", CAST(NULL AS DATE) AS until,
           number AS case_no, key, '' AS src_agency, 'ordinary' AS procedure, TRUE AS restrained
    FROM (SELECT *, row_number() OVER (PARTITION BY party, matter, island ORDER BY since, key) AS nth,
                 row_number() OVER (PARTITION BY party, matter, island, kind ORDER BY since, key) AS of_kind
          FROM spell_row)
    WHERE nth = 1 OR (kind = 'arrest' AND of_kind = 1)
    UNION ALL
    SELECT s.party, x.matter, s.step, s.organ, s."on", s.until, s.case_no, s.key, s.src_agency,
           coalesce(nullif(s.procedure, ''), 'ordinary'), FALSE
    FROM step s JOIN matter x ON x.party = s.party AND x.number = s.case_no
    WHERE s.step IN ('arrest_requested', 'restart_160', 'sent_for_prosecution', 'review',
      'returned_for_supplement', 'resubmitted', 'first_instance', 'second_instance'))),

-- host: the stage from which a case is sent back, twice, and to which it returns.
walk AS (
  SELECT DISTINCT party, matter, 0::BIGINT AS n, '' AS now, '' AS before, 'review' AS host,
         0 AS sent_back, CAST(NULL AS DATE) AS start, '' AS agency, '' AS procedure, FALSE AS sent,
         0::BIGINT AS stage, 0::BIGINT AS row_
  FROM event
  UNION ALL
  SELECT party, matter, n, CASE WHEN begins THEN next ELSE now END,
         CASE WHEN begins THEN now ELSE before END,
         CASE WHEN asks_back THEN now ELSE host END,
         CASE WHEN asks_back THEN sent_back + 1
              WHEN begins AND next <> 'supplement' AND next <> host THEN 0 ELSE sent_back END,
         CASE WHEN begins THEN "on" ELSE start END,
         CASE WHEN begins OR renames THEN src_agency ELSE agency END,
         CASE WHEN begins OR renames THEN asked ELSE procedure END,
         CASE WHEN begins OR renames THEN step = 'sent_for_prosecution' ELSE sent END,
         CASE WHEN begins THEN n ELSE stage END, CASE WHEN begins OR renames THEN n ELSE row_ END
  FROM (
    SELECT *, next <> '' AND NOT repeats AS begins,
           repeats AND sent AND start = "on" AND next = now AS renames
    FROM (
      SELECT *, next = now AND NOT restrained AND (start = "on" OR (
               step NOT IN ('restart_160', 'resubmitted', 'sent_for_prosecution')
               AND NOT sent AND agency = src_agency AND asked = procedure)) AS repeats
      FROM (
        SELECT *, step = 'returned_for_supplement' AND now IN ('review', 'first_instance') AS asks_back,
          CASE step
            WHEN 'arrest' THEN CASE
              WHEN organ = 'court' AND now NOT IN ('detention', 'detention_own') THEN ''
              WHEN now = 'detention_own' AND before = 'review' THEN 'review'
              WHEN now IN ('review', 'supplement', 'first_instance', 'second_instance') THEN ''
              ELSE 'investigation' END
            WHEN 'detention' THEN CASE
              WHEN now IN ('supplement', 'first_instance', 'second_instance') THEN ''
              WHEN organ = 'procuratorate' THEN 'detention_own'
              WHEN now = 'review' THEN '' ELSE 'detention' END
            WHEN 'arrest_requested' THEN CASE WHEN now = 'detention' THEN 'arrest_review' ELSE '' END
            WHEN 'restart_160' THEN CASE WHEN now = 'investigation' THEN now ELSE '' END
            WHEN 'returned_for_supplement' THEN CASE
              WHEN now IN ('review', 'first_instance') AND sent_back < 2 THEN 'supplement' ELSE '' END
            WHEN 'review' THEN step
            WHEN 'first_instance' THEN step
            WHEN 'second_instance' THEN step
            ELSE CASE WHEN now = 'supplement' THEN host
                      WHEN now IN ('review', 'first_instance', 'second_instance') THEN ''
                      ELSE 'review' END END AS next
        FROM (SELECT w.*, e.step, e.organ, e."on", e.src_agency, e.procedure AS asked, e.restrained
              FROM (SELECT * EXCLUDE n, n + 1 AS n FROM walk) w
              JOIN event e ON e.party = w.party AND e.matter = w.matter AND e.n = w.n))))),

stage AS MATERIALIZED (
  SELECT w.party, w.matter, w.stage AS n, w.now AS rule, w.procedure, w.start, e.case_no AS number,
         e.key, CASE WHEN e.step = w.now AND NOT e.restrained THEN e.until END AS until
  FROM (SELECT DISTINCT ON (party, matter, stage) * FROM walk WHERE stage > 0
        ORDER BY party, matter, stage, n DESC) w
  JOIN event e ON e.party = w.party AND e.matter = w.matter AND e.n = w.row_),

-- ---- every clock, with what ends it; a decision on arrest that nobody carries out ends nothing

clock AS MATERIALIZED (
  SELECT t.party, t.matter, t.rule, t.procedure, t.number, t.key, t.start, least(t.next,
           CASE WHEN t.until >= t.start THEN t.until END, (
           SELECT min(s."on") FROM step s JOIN matter x ON x.party = s.party AND x.number = s.case_no
           WHERE s.party = t.party AND x.matter = t.matter AND s."on" >= t.start
           AND (s.step IN ('review_ended', 'received') AND t.rule = 'review'
                OR s.step = 'arrest_reviewed' AND t.rule = 'arrest_review' AND t.by_measure))) AS done
  FROM (SELECT g.*, lead(g.start) OVER w AS next, lead(e.restrained) OVER w AS by_measure
        FROM stage g JOIN event e ON e.party = g.party AND e.matter = g.matter AND e.n = g.n
        WINDOW w AS (PARTITION BY g.party, g.matter ORDER BY g.n)) t),

-- ---- terms: days that count are numbered

left_out AS MATERIALIZED (
  SELECT p.party, x.matter, p.since, coalesce(p.until, DATE '9999-12-31') AS until
  FROM Pause p JOIN matter x ON x.party = p.party AND x.number = p.case_no
  WHERE p.ground = 'psychiatric_appraisal' AND coalesce(p.until >= p.since, TRUE)),
day AS MATERIALIZED (
  SELECT k.party, k.matter, k.rule, k.key, c.day, row_number() OVER (
           PARTITION BY k.party, k.matter, k.rule, k.key ORDER BY c.day) AS n
  FROM clock k JOIN calendar c ON c.day > k.start AND c.day < k.start + 1000
  WHERE NOT EXISTS (SELECT 1 FROM left_out p WHERE p.party = k.party AND p.matter = k.matter
                    AND c.day BETWEEN p.since AND p.until)),
term AS MATERIALIZED (
  SELECT k.*, k.procedure = 'fast' AND k.start >= DATE '2018-10-26' AS fast, CASE rule
           WHEN 'detention' THEN 3 WHEN 'detention_own' THEN 14 WHEN 'arrest_review' THEN 7
           WHEN 'investigation' THEN months_later(start, 2) - start
           WHEN 'supplement' THEN months_later(start, 1) - start
           WHEN 'second_instance' THEN months_later(start, 2) - start
           ELSE CASE WHEN k.procedure = 'fast' AND start >= DATE '2018-10-26' THEN 10
                     WHEN rule = 'first_instance' AND k.procedure = 'simple' THEN 20
                     WHEN rule = 'first_instance' THEN months_later(start, 3) - start
                     ELSE months_later(start, 1) - start END END AS days
  FROM clock k),

approval AS MATERIALIZED (
  SELECT t.party, t.matter, t.rule, t.key, s.step, s."on", s.until, s.ground,
         CASE s.step WHEN 'extended' THEN s.ground WHEN 's208_upper' THEN s."on"::VARCHAR
                     ELSE s.step END AS name,
         row_number() OVER (PARTITION BY t.party, t.matter, t.rule, t.key ORDER BY s."on", s.step, s.key) AS n
  FROM term t JOIN step s ON s.party = t.party AND s."on" >= t.start
   AND s."on" <= coalesce(t.done, s."on")
  JOIN matter x ON x.party = s.party AND x.number = s.case_no AND x.matter = t.matter
  WHERE (t.rule, s.organ, s.step) IN (
    ('detention', 'police', 'extended'), ('detention_own', 'procuratorate', 'extended'),
    ('investigation', 'police', 's156'), ('investigation', 'police', 's158'),
    ('investigation', 'police', 's159'), ('review', 'procuratorate', 's172'),
    ('second_instance', 'court', 's243'), ('second_instance', 'court', 's208_upper'))
  OR (t.rule = 'first_instance' AND s.organ = 'court' AND list_contains(
        CASE WHEN t.fast THEN ['s225'] WHEN t.procedure = 'simple' THEN ['s220']
             ELSE ['s208', 's208_upper'] END, s.step))),

longer AS (
  SELECT t.party, t.matter, t.rule, t.key, t.start, t.fast, t.procedure, 0::BIGINT AS n, d.day AS due,
         ['none']::VARCHAR[] AS used,
         CAST(NULL AS DATE) AS granted
  FROM term t LEFT JOIN day d ON d.party = t.party AND d.matter = t.matter AND d.rule = t.rule
   AND d.key = t.key AND d.n = t.days
  UNION ALL
  SELECT l.party, l.matter, l.rule, l.key, l.start, l.fast, l.procedure, a.n,
         CASE WHEN counts THEN last ELSE l.due END, list_append(l.used, a.name),
         CASE WHEN counts AND last > l.due THEN a."on" ELSE l.granted END
  FROM longer l JOIN approval a ON a.party = l.party AND a.matter = l.matter AND a.rule = l.rule
   AND a.key = l.key AND a.n = l.n + 1
  LEFT JOIN LATERAL (
    SELECT d.day FROM day d WHERE d.party = l.party AND d.matter = l.matter AND d.rule = l.rule
    AND d.key = l.key AND d.n = (
      WITH now AS (SELECT max(b.n) AS n FROM day b WHERE b.party = l.party AND b.matter = l.matter
                   AND b.rule = l.rule AND b.key = l.key AND b.day <= l.due)
      SELECT CASE
        WHEN l.rule = 'detention' THEN greatest(now.n, CASE WHEN a.ground <> '' THEN 30 ELSE 7 END)
        WHEN l.rule = 'detention_own' THEN greatest(now.n, 17)
        WHEN a.step = 's172' THEN CASE WHEN l.fast THEN 15 ELSE now.n + 15 END
        WHEN a.step = 's220' THEN months_later(l.start, 1) + 15 - l.start
        WHEN a.step = 's225' THEN 15
        WHEN a.step = 's156' THEN now.n + (months_later(l.due, 1) - l.due)
        WHEN a.step IN ('s158', 's159', 's243') THEN now.n + (months_later(l.due, 2) - l.due)
        ELSE now.n + (months_later(l.due, 3) - l.due) END FROM now)) g ON TRUE
  CROSS JOIN LATERAL (
    SELECT a."on" <= l.due AND NOT list_contains(l.used, a.name) AS counts, CASE WHEN a.until IS NULL
           THEN g.day ELSE greatest(l.due, coalesce(least(g.day, a.until), a.until)) END AS last)),
fixed AS MATERIALIZED (
  SELECT t.*, l.due, l.granted, t.number || '/' || t.key AS obligation,
         t.start >= CASE WHEN t.rule IN ('second_instance', 'detention_own') THEN DATE '2018-10-26'
                         ELSE DATE '2013-01-01' END AS legal
  FROM term t JOIN longer l USING (party, matter, rule, key)
  QUALIFY row_number() OVER (PARTITION BY t.party, t.matter, t.rule, t.key ORDER BY l.n DESC) = 1),

-- ---- held to the last day of it: the last time in custody that began by then

judged AS MATERIALIZED (
  SELECT f.*, nullif(least(coalesce(f.done, DATE '9999-12-31'), s.until), DATE '9999-12-31') AS over_on
  FROM fixed f JOIN LATERAL (
    SELECT s.until FROM spell s WHERE s.party = f.party AND s.matter = f.matter
    AND s.since <= f.due AND s.until >= f.start ORDER BY s.since DESC LIMIT 1) s ON TRUE
  WHERE f.due IS NOT NULL),

warned AS (
  SELECT j.*, (SELECT min(s."on") FROM step s JOIN matter x ON x.party = s.party AND x.number = s.case_no
               WHERE s.party = j.party AND x.matter = j.matter AND s.step = 'warning_sent'
               AND s."on" >= greatest(j.due - 7, j.granted) AND s."on" <= coalesce(j.done, s."on")) AS warned_on
  FROM judged j
  WHERE j.due - j.start > 7 AND j.start >= DATE '2019-12-30' AND coalesce(j.over_on > j.due, TRUE)),

-- ---- compulsory treatment: what performs one duty begins the next

appraised AS MATERIALIZED (
  SELECT p.party, x.matter, p.key, p.until, p.result,
         row_number() OVER (PARTITION BY p.party, x.matter ORDER BY p.since, p.key) AS n,
         last_value(p.result) OVER (PARTITION BY p.party, x.matter ORDER BY p.since, p.key
           ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last
  FROM Pause p JOIN matter x ON x.party = p.party AND x.number = p.case_no
  WHERE p.result <> '' AND p.until IS NOT NULL),
mad AS MATERIALIZED (
  SELECT DISTINCT ON (a.party, a.matter) a.party, a.matter, a.key, a.until AS found
  FROM appraised a JOIN (
    SELECT DISTINCT ON (c.party, x.matter) c.party, x.matter, c.charge
    FROM PoliceCase c JOIN matter x ON x.party = c.party AND x.number = c.police_case_no
    ORDER BY c.party, x.matter, c.filed_on DESC, c.key DESC) c USING (party, matter)
  WHERE a.result = 'irresponsible' AND a.last = 'irresponsible' AND c.charge IN
    ('114', '115', '120-2', '232', '234', '236', '237', '239', '263', '293')
  ORDER BY a.party, a.matter, a.n),
duty (number, rule, law, leads, ends) AS (VALUES
  (1, 'med_opinion', DATE '2020-09-01', ['med_opinion'], ['']),
  (2, 'med_application', DATE '2019-12-30', ['med_application'], ['review_ended']),
  (3, 'med_accept', DATE '2021-03-01', ['med_accepted'], ['med_decided']),
  (4, 'med_decision', DATE '2018-10-26', ['med_decided'], [''])),
chain AS (
  SELECT m.party, m.matter, m.key, 0 AS number, CAST(NULL AS DATE) AS since, m.found AS led,
         CAST(NULL AS DATE) AS ended FROM mad m
  UNION ALL
  SELECT c.party, c.matter, c.key, d.number, c.led,
         CASE WHEN n.led <= coalesce(n.ended, n.led) THEN n.led END, n.ended
  FROM (SELECT * FROM chain WHERE led IS NOT NULL) c
  JOIN duty d ON d.number = c.number + 1 AND c.led >= d.law
  LEFT JOIN LATERAL (
    SELECT min(s."on") FILTER (list_contains(d.leads, s.step)) AS led,
           min(s."on") FILTER (list_contains(d.ends, s.step)) AS ended
    FROM step s JOIN matter x ON x.party = s.party AND x.number = s.case_no
    WHERE s.party = c.party AND x.matter = c.matter AND s."on" >= c.led) n ON TRUE),
sent_back AS MATERIALIZED (
  SELECT s.party, x.matter, s."on" AS since, coalesce((
           SELECT min(r."on") FROM step r JOIN matter y ON y.party = r.party AND y.number = r.case_no
           WHERE r.party = s.party AND y.matter = x.matter AND r.step = 'resubmitted'
           AND r."on" >= s."on"), DATE '9999-12-31') AS until
  FROM step s JOIN matter x ON x.party = s.party AND x.number = s.case_no
  WHERE s.step = 'returned_for_supplement'),
treated AS (
  SELECT c.party, c.key, d.rule, c.since, d.leads, d.ends, least(c.led, c.ended) AS done,
         CASE d.number WHEN 1 THEN rolled(CAST(c.since + 7 AS DATE))
           WHEN 3 THEN rolled(CAST(c.since + 7 AS DATE)) WHEN 4 THEN rolled(months_later(c.since, 1))
           ELSE (SELECT min(k.day) FROM (
             SELECT a.day, a.works, row_number() OVER (ORDER BY a.day) AS n FROM calendar a
             WHERE a.day > c.since AND a.day < c.since + 1500 AND NOT EXISTS (
               SELECT 1 FROM sent_back b WHERE b.party = c.party AND b.matter = c.matter
               AND b.since >= c.since AND a.day BETWEEN b.since AND b.until)) k
             WHERE k.works AND k.n >= 30) END AS due
  FROM chain c JOIN duty d USING (number))

SELECT party, rule, obligation, CASE WHEN over_on IS NULL THEN 'holds' ELSE 'cured' END AS status,
       0 AS amount_fen, due
FROM judged
WHERE CASE WHEN over_on IS NOT NULL THEN over_on > due AND legal
      ELSE (SELECT as_of FROM parameter) >= due - CASE WHEN due - 7 > start THEN 7
                                                       WHEN due - 3 > start THEN 3 ELSE 1 END END
UNION ALL
SELECT party, 'warning_7d', obligation || '/warning',
       CASE WHEN warned_on IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM warned
WHERE CASE WHEN warned_on IS NOT NULL THEN warned_on > due
      ELSE over(due) AND steps_complete('lock_up', 'warning_sent', CAST(due - 7 AS DATE), due) END
UNION ALL
SELECT party, rule, key || '/' || rule, CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM treated
WHERE CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND is_complete('CaseStep', 'step', leads[1], since, due)
        AND (ends[1] = '' OR is_complete('CaseStep', 'step', ends[1], since, due)) END
