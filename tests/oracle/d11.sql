-- D11. 道交法 91: a licence is revoked for drunk driving (80 mg), for drinking again after a penalty,
-- for drinking (20 mg) at the wheel of a commercial vehicle; the decision in 7 days (令157 51), then
-- thirty days of tolerance; after a crash that is a crime thirty days from the judgment. 申领规定 79:
-- cancelled under a drug order. 申领规定 15, 道交法 91, 101: no new licence for 2, 3, 5, 10 years or
-- life. 从业人员管理规定 32: the occupational certificate goes with the licence. 道交法 99: driving
-- while revoked.

WITH RECURSIVE driving AS (
  SELECT *, least(coalesce(ended_on, DATE '9999-12-31'), coalesce(valid_until, DATE '9999-12-31')) AS last,
         ended_on IS NOT NULL AND coalesce(end_kind, '') IN ('revoked', 'withdrawn') AS struck
  FROM Licence WHERE kind = 'driving'),

penalised AS (
  SELECT party AS person, decided_on FROM Penalty
  WHERE annulled_on IS NULL AND cause IN ('drink_driving', 'drunk_driving', 'dangerous_driving')),

checked AS (
  SELECT c.*, coalesce(c.bac_mg, -1) AS bac,
         c."on" >= DATE '2013-12-18' AND EXISTS (
           SELECT 1 FROM penalised p WHERE p.person = c.person AND p.decided_on < c."on") AS again
  FROM TrafficCheck c),

costly AS (  -- checks that cost the licence, and the years (100: life) without one
  SELECT *, CASE WHEN accident_crime THEN 100 WHEN commercial AND bac >= 80 THEN 10
                 WHEN commercial THEN 5 WHEN bac >= 80 THEN 5 ELSE 2 END AS years
  FROM checked
  WHERE "on" >= DATE '2013-12-18'
    AND (bac >= 80 OR (bac >= 20 AND (commercial OR accident_crime OR again)))),

-- ---- not revoked

due AS (
  SELECT c.*, coalesce(c.handled_on, c."on") AS start,
         CASE WHEN NOT c.accident_crime THEN rolled(CAST(
                rolled(CAST(coalesce(c.handled_on, c."on") + 7 AS DATE)) + 30 AS DATE))
              ELSE rolled(CAST((
                SELECT arg_min(j.effective_on, (j.pronounced_on, j.feed, j.key)) FROM Judgment j
                WHERE j.party = c.person AND j.effective_on IS NOT NULL
                AND j.pronounced_on >= c."on" AND list_has_any(j.charges, ['133', '133-1'])) + 30
              AS DATE)) END AS due
  FROM costly c
  WHERE c."on" >= DATE '2020-05-01' AND c.vehicle = 'motor' AND c.annulled_on IS NULL),

-- ---- drug orders

ordered AS (
  SELECT *, coalesce(ended, until, CASE kind
           WHEN 'community' THEN months_later(reported_on, 36)
           WHEN 'compulsory' THEN months_later(decided_on, 24)
           ELSE months_later(decided_on, 36) END) AS over_on,
         rolled(CAST(decided_on + 30 AS DATE)) AS due,
         decided_on = max(decided_on) OVER (PARTITION BY person) AS newest
  FROM DrugOrder),

-- The licences of a day, and those that took their place: moved or renewed, a licence goes on.
asked AS (SELECT person, "on" AS day FROM due UNION SELECT person, decided_on FROM ordered),
chain AS (
  SELECT a.person, a.day, l.licence_no, l.issued_on, l.last, l.struck
  FROM asked a JOIN driving l ON l.holder = a.person AND a.day BETWEEN l.issued_on AND l.last
  UNION
  SELECT c.person, c.day, l.licence_no, l.issued_on, l.last, l.struck
  FROM chain c JOIN driving l ON l.holder = c.person AND NOT c.struck
   AND l.issued_on > c.day AND l.issued_on > c.issued_on AND l.issued_on - 1 <= c.last),
newest_of AS (  -- those whose place the next one, which outlives them, did not take
  SELECT l.*, c.day FROM chain c JOIN driving l ON l.holder = c.person AND l.licence_no = c.licence_no
  WHERE c.struck OR NOT EXISTS (
    SELECT 1 FROM chain n WHERE n.person = c.person AND n.day = c.day AND n.last >= c.last
    AND c.last < DATE '9999-12-31' AND n.issued_on > c.day AND n.issued_on - 1 <= c.last
    AND n.issued_on = (SELECT min(m.issued_on) FROM chain m WHERE m.person = c.person
                       AND m.day = c.day AND m.issued_on > greatest(c.issued_on, c.day)))),

standing AS (
  SELECT d.person, d.check_no, d.start, d.due, d.accident_crime,
         count(*) AS held, bool_and(coalesce(l.end_kind, '') = 'revoked') AS revoked,
         bool_and(l.ended_on IS NOT NULL OR coalesce(l.valid_until <= d.due, false)) AS gone,
         max(least(coalesce(l.ended_on, DATE '9999-12-31'),
                   CASE WHEN l.valid_until <= d.due THEN l.valid_until ELSE DATE '9999-12-31' END)) AS gone_on
  FROM due d JOIN newest_of l ON l.holder = d.person AND l.day = d."on"
  GROUP BY ALL),

uncancelled AS (
  SELECT o.person, o.order_no, o.decided_on, o.due, o.over_on, o.newest
  FROM ordered o JOIN newest_of l ON l.holder = o.person AND l.day = o.decided_on
  WHERE o.decided_on >= DATE '2013-01-01' AND o.annulled_on IS NULL
  GROUP BY ALL
  HAVING NOT bool_and(l.ended_on IS NOT NULL OR coalesce(l.valid_until <= o.due, false))),

-- ---- obtained inside a bar

cause AS (  -- the last check under a revoked licence that costs one; negative: by the regulation
  SELECT l.licence_no, l.holder, l.ended_on,
         arg_max(CASE WHEN k.hit_and_run THEN 100
                      WHEN k.accident_crime AND c.check_no IS NULL THEN -10
                      WHEN c.years = 2 THEN NULL ELSE c.years END, (k."on", k.feed, k.key)) AS years
  FROM driving l
  JOIN checked k ON k.person = l.holder AND k."on" BETWEEN l.issued_on AND l.ended_on
   AND k.annulled_on IS NULL AND k.vehicle = 'motor'
  LEFT JOIN costly c ON c.person = k.person AND c.check_no = k.check_no
  WHERE l.end_kind = 'revoked' AND (k.hit_and_run OR k.accident_crime OR c.check_no IS NOT NULL)
  GROUP BY ALL),

bar AS (
  SELECT l.holder, l.ended_on AS since, CASE
           WHEN l.end_kind = 'withdrawn' THEN months_later(l.ended_on, 36)
           WHEN c.years = 100 THEN DATE '9999-12-31'
           WHEN c.years IS NOT NULL THEN months_later(l.ended_on, 12 * abs(c.years))
           ELSE months_later(l.ended_on, 24) END AS until,
         l.end_kind = 'withdrawn' OR c.years IS NULL OR c.years < 0 AS regulation
  FROM driving l LEFT JOIN cause c ON c.holder = l.holder AND c.licence_no = l.licence_no
  WHERE l.ended_on IS NOT NULL AND l.end_kind IN ('revoked', 'withdrawn')
  UNION ALL
  SELECT person, decided_on, greatest(months_later(decided_on, 36), CASE WHEN kind = 'compulsory'
           THEN months_later(coalesce(ended, until, decided_on), 36) ELSE decided_on END),
         true
  FROM DrugOrder WHERE annulled_on IS NULL),

early AS (
  SELECT l.* FROM driving l
  WHERE EXISTS (SELECT 1 FROM bar b WHERE b.holder = l.holder AND b.since < l.issued_on AND l.issued_on < b.until
                -- who may apply is said by the regulation of the day of issue
                AND (l.issued_on >= DATE '2022-04-01' OR NOT b.regulation))
    AND NOT EXISTS (SELECT 1 FROM driving o WHERE o.holder = l.holder
                    AND l.issued_on - 1 BETWEEN o.issued_on AND o.last
                    AND NOT (o.struck AND o.ended_on = l.issued_on - 1))),

-- ---- certificates

lost AS (
  SELECT c.holder, c.key, c.issued_on, c.ended_on AS gone_on, c.valid_until,
         min(l.ended_on) AS lost_on
  FROM Licence c JOIN driving l ON l.holder = c.holder AND l.end_kind IN ('revoked', 'cancelled')
   AND l.ended_on >= c.issued_on AND l.ended_on >= DATE '2023-01-01'
   AND l.ended_on <= least(coalesce(c.ended_on, DATE '9999-12-31'), coalesce(c.valid_until, DATE '9999-12-31'))
   AND NOT EXISTS (SELECT 1 FROM driving o WHERE o.holder = c.holder
                   AND l.ended_on + 1 BETWEEN o.issued_on AND o.last)
  WHERE c.kind = 'occupation'
  GROUP BY ALL),

certificate AS (
  SELECT *, rolled(CAST(lost_on + 30 AS DATE)) AS due FROM lost)

SELECT person AS party, 'drunk_not_revoked' AS rule, check_no || '/revoke' AS obligation,
       CASE WHEN gone THEN 'cured' ELSE 'holds' END AS status, 0 AS amount_fen, due
FROM standing
WHERE CASE WHEN gone THEN gone_on > due AND revoked AND NOT accident_crime
      ELSE over(due) AND is_complete('Licence', 'kind', 'driving', start, due) END
UNION ALL
SELECT person, 'drug_not_cancelled', order_no || '/cancel', 'holds', 0, due
FROM uncancelled
WHERE over(due) AND is_complete('Licence', 'kind', 'driving', decided_on, due)
  AND NOT coalesce(over(over_on), false)
  AND NOT (over_on IS NULL AND newest AND over(months_later(decided_on, 36)))
UNION ALL
SELECT holder, 'reissued_too_soon', key || '/reissue',
       CASE WHEN ended_on IS NULL THEN 'holds' ELSE 'cured' END, 0, NULL
FROM early WHERE ended_on IS NULL OR end_kind <> 'expired'
UNION ALL
SELECT holder, 'occupation', key || '/licence', 'holds', 0, due
FROM certificate
WHERE gone_on IS NULL AND NOT coalesce(valid_until <= due, false)
  AND over(due) AND is_complete('Licence', 'kind', 'occupation', lost_on, due)
UNION ALL
SELECT c.person, 'drove_revoked', c.check_no || '/drove', 'holds', 0, NULL
FROM TrafficCheck c
WHERE c.vehicle = 'motor' AND c."on" >= DATE '2004-05-01'
  AND EXISTS (SELECT 1 FROM driving l WHERE l.holder = c.person AND l.end_kind = 'revoked' AND l.ended_on < c."on"
              AND NOT EXISTS (SELECT 1 FROM driving n WHERE n.holder = c.person
                              AND coalesce(n.end_kind, '') <> 'withdrawn'
                              AND n.issued_on > l.ended_on AND n.issued_on <= c."on"))
  AND NOT EXISTS (SELECT 1 FROM driving l WHERE l.holder = c.person AND c."on" BETWEEN l.issued_on AND l.last)
