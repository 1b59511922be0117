-- D06. Who lends for a living (浙江省2018年11月会议纪要, elsewhere a setting): so many loan suits at
-- one court or in one city within a year or three, or half of them with two signs of a trade; off the
-- list after three years below half. Suits filed under a licence to lend are lawful. And interest
-- that such a lender was paid, without a tax receipt a year later (a setting).

WITH RECURSIVE limits (name, within, months, needed, floor_fen) AS (
  VALUES ('court_3y', 'court', 36, 20, 0), ('city_3y', 'city', 36, 30, 0),
         ('court_1y', 'court', 12, 10, 0), ('city_1y', 'city', 12, 15, 0),
         ('city_1y_1m', 'city', 12, 5, 100000000), ('city_1y_10m', 'city', 12, 3, 1000000000)),

licence AS (
  SELECT split_part(entry, ' ', 1) AS holder,
         CAST(coalesce(nullif(split_part(entry, ' ', 2), ''), '0001-01-01') AS DATE) AS since,
         CAST(coalesce(nullif(split_part(entry, ' ', 3), ''), '9999-12-31') AS DATE) AS until
  FROM listed WHERE list = 'licensed_lender'),

loan_case AS (
  SELECT * FROM CivilCase WHERE cause LIKE '%民间借贷%' AND coalesce(close_mode, '') <> 'transfer'),

-- Own suits, and those of whoever belonged to the party on the day of filing; each case once.
own AS (
  SELECT unnest(c.plaintiffs) AS party, c.case_no, c.loan, c.court, c.city, c.filed_on,
         coalesce(c.amount_fen, 0) AS fen, c.loan_signs AS signs
  FROM loan_case c),
related AS (
  SELECT a.party, s.case_no, s.loan, s.court, s.city, s.filed_on, coalesce(s.amount_fen, 0) AS fen, s.signs
  FROM (SELECT party, since, until, unnest(suits) AS s FROM Affiliate) a
  WHERE s.filed_on BETWEEN coalesce(a.since, DATE '0001-01-01') AND coalesce(a.until, DATE '9999-12-31')),
suit AS (  -- of several suits on one loan the first of the party's own, else of the others
  SELECT DISTINCT ON (party, coalesce(nullif(loan, ''), 'case ' || case_no)) * FROM (
    SELECT *, true AS mine FROM own
    UNION ALL
    SELECT DISTINCT *, false FROM related r
    WHERE NOT EXISTS (SELECT 1 FROM own o WHERE o.party = r.party AND o.case_no = r.case_no))
  ORDER BY party, coalesce(nullif(loan, ''), 'case ' || case_no), mine DESC, filed_on, case_no),

placed AS (
  SELECT l.name, s.party, CASE l.within WHEN 'court' THEN s.court ELSE s.city END AS place,
         s.case_no, s.filed_on, months_later(s.filed_on, l.months) AS leaves, s.fen, s.signs, s.mine
  FROM suit s CROSS JOIN limits l
  WHERE CASE l.within WHEN 'court' THEN s.court ELSE s.city END <> ''
    AND NOT EXISTS (SELECT 1 FROM licence x WHERE x.holder = s.party AND s.filed_on BETWEEN x.since AND x.until)),

-- How many there are from each day on which one comes or goes.
day AS (
  SELECT DISTINCT party, place, name, filed_on AS day FROM placed
  UNION
  SELECT DISTINCT party, place, name, leaves FROM placed),
level AS (
  SELECT d.party, d.place, d.name, d.day, any_value(l.needed) AS needed, count(p.case_no) AS suits,
         coalesce(sum(p.fen), 0) AS fen,
         count(p.case_no) FILTER (p.mine) >= 2 AND coalesce(sum(p.fen), 0) >= any_value(l.floor_fen)
           AND (count(p.case_no) >= any_value(l.needed)
                OR (any_value(l.floor_fen) = 0 AND count(p.case_no) * 2 >= any_value(l.needed)
                    AND len(list_distinct(flatten(list(p.signs)))) >= 2)) AS reached
  FROM day d JOIN limits l USING (name)
  LEFT JOIN placed p ON p.party = d.party AND p.place = d.place AND p.name = d.name
   AND d.day >= p.filed_on AND d.day < p.leaves
  WHERE d.day <= (SELECT as_of FROM parameter)
  GROUP BY d.party, d.place, d.name, d.day),
step AS (
  SELECT *, row_number() OVER (PARTITION BY party, place, name ORDER BY day) AS n FROM level),

-- Listed from the day on which the limit is reached, with the claims from the window of that day on;
-- ``ends``: below half since three years before.
state AS (
  SELECT party, place, name, n, day, CASE WHEN reached THEN day END AS since, CAST(NULL AS DATE) AS ends
  FROM step WHERE n = 1
  UNION ALL
  SELECT s.party, s.place, s.name, s.n, s.day,
         CASE WHEN b.since IS NOT NULL AND (b.ends IS NULL OR s.day < b.ends) THEN b.since
              WHEN s.reached THEN s.day END,
         CASE WHEN b.since IS NOT NULL AND (b.ends IS NULL OR s.day < b.ends)
              THEN CASE WHEN s.suits * 2 >= s.needed THEN NULL
                        ELSE coalesce(b.ends, months_later(s.day, 36)) END END
  FROM state b JOIN step s
    ON s.party = b.party AND s.place = b.place AND s.name = b.name AND s.n = b.n + 1),

lender AS (
  SELECT party, place, name, (
           SELECT sum(p.fen) FROM placed p WHERE p.party = s.party AND p.place = s.place
           AND p.name = s.name AND p.leaves > s.since AND NOT p.filed_on > (SELECT as_of FROM parameter)) AS fen
  FROM (SELECT *, row_number() OVER (PARTITION BY party, place, name ORDER BY n DESC) AS newest FROM state) s
  WHERE newest = 1 AND since IS NOT NULL AND (ends IS NULL OR NOT over(ends - 1))),

paid AS (
  SELECT o.party, c.case_no, c.interest_fen,
         (SELECT min(r."on") FROM Receipt r WHERE r.party = o.party AND r.for_no = c.case_no
          AND r.kind = 'paid' AND r."on" >= c.closed_on) AS paid_on
  FROM own o JOIN loan_case c USING (case_no)
  WHERE c.interest_fen > 0 AND c.closed_on IS NOT NULL
    AND EXISTS (SELECT 1 FROM state s WHERE s.party = o.party AND s.since <= c.closed_on)),

untaxed AS (
  SELECT p.*, rolled(months_later(p.paid_on, 12)) AS due FROM paid p
  WHERE p.paid_on IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM Receipt r WHERE r.party = p.party AND r.for_no = p.case_no AND r.kind = 'tax'))

SELECT party, 'listed' AS rule, place || '/' || name AS obligation, 'holds' AS status,
       fen AS amount_fen, CAST(NULL AS DATE) AS due
FROM lender
UNION ALL
SELECT party, 'interest_tax', 'tax/' || case_no, 'holds', interest_fen, due
FROM untaxed
WHERE over(due) AND is_complete('Receipt', 'kind', 'tax', paid_on, due)
