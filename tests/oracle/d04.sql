-- D04. A penalty whose own sums reach the line of a crime on the day of the act, the last of so many
-- acts, or conduct that is a crime at any sum: passed on to the police within three days of the report
-- to the head of the agency and one more (国务院令310号 5); without a report five working days from the
-- decision (a setting). 刑法 140, 144, 201, 205, 225, 264, 266, 338, 342, 343 and their interpretations,
-- of the ranges that provinces choose from the highest.

WITH told AS (  -- a decision may come twice, published and from the agency's own system, which measures
  SELECT DISTINCT ON (party, decision_no) * FROM Penalty WHERE party <> ''
  ORDER BY party, decision_no, (goods_fen IS NOT NULL)::INT + (sales_fen IS NOT NULL)::INT
    + (gain_fen IS NOT NULL)::INT + (tax_fen IS NOT NULL)::INT + (mass_g IS NOT NULL)::INT
    + (area_m2 IS NOT NULL)::INT + (sticks IS NOT NULL)::INT DESC, decided_on, feed, key),
acts AS (
  SELECT party, decision_no, cause, agency, decided_on, act_on, coalesce(act_on, decided_on) AS day,
         coalesce(served_on, decided_on) AS effect_on, report_on, goods_fen AS goods, sales_fen AS sales,
         gain_fen AS gain, tax_fen AS tax, mass_g AS mass, area_m2 AS area, land_kind AS land, sticks,
         tax_share_pct AS share
  FROM told WHERE annulled_on IS NULL),

sums AS (
  SELECT *, greatest(coalesce(goods, 0), coalesce(sales, 0)) AS trade,
         greatest(coalesce(goods, 0), coalesce(gain, 0)) AS taken,
         coalesce(goods, 0) - coalesce(sales, 0) AS unsold
  FROM acts),

-- ---- what is a crime by itself

hit AS (
  SELECT *, '140' AS charge, sales AS fen FROM sums
  WHERE cause = 'inferior_goods' AND day >= DATE '1997-10-01' AND sales >= 5000000
  UNION ALL SELECT *, '140', unsold FROM sums
  WHERE cause = 'inferior_goods' AND day >= DATE '2001-04-10' AND unsold >= 15000000
  UNION ALL SELECT *, '225', trade FROM sums
  WHERE cause = 'tobacco' AND day >= DATE '2010-03-26' AND trade >= 5000000
  UNION ALL SELECT *, '225', gain FROM sums
  WHERE cause = 'tobacco' AND day >= DATE '2010-03-26' AND gain >= 2000000
  UNION ALL SELECT *, '225', 0 FROM sums
  WHERE cause = 'tobacco' AND day >= DATE '2010-03-26' AND sticks >= 200000
  UNION ALL SELECT *, '338', 0 FROM sums
  WHERE cause = 'hazardous_waste' AND day >= DATE '2017-01-01' AND mass >= 3000000
  UNION ALL SELECT *, '342', 0 FROM sums
  WHERE cause = 'farmland' AND day >= DATE '2000-06-22' AND area * 3 >= 2000 * CASE
    WHEN land IN ('永久基本农田', '基本农田') THEN 5 WHEN land IN ('耕地', '一般耕地', '其他耕地') THEN 10 END
  UNION ALL SELECT *, '201', tax FROM sums
  WHERE cause = 'tax_evasion' AND day >= DATE '2009-02-28' AND tax >= 10000000
    AND (share IS NULL OR share >= 10)
  UNION ALL SELECT *, '205', tax FROM sums
  WHERE cause = 'false_invoices' AND day >= DATE '2024-03-20' AND tax >= 10000000
  UNION ALL SELECT *, '264', goods FROM sums
  WHERE cause = 'theft' AND day >= DATE '2013-04-04' AND goods >= 300000
  UNION ALL SELECT *, '266', taken FROM sums
  WHERE cause = 'fraud' AND day >= DATE '2011-04-08' AND taken >= 1000000
  UNION ALL SELECT *, '343', trade FROM sums
  WHERE cause = 'mining' AND day >= DATE '2016-12-01' AND trade >= 30000000),

-- ---- what is a crime because of what was before

again AS (
  SELECT s.*, '264' AS charge, 0 AS fen, 1 AS rank FROM sums s  -- three thefts in two years
  WHERE cause = 'theft' AND day >= DATE '2013-04-04' AND (
    SELECT count(*) FROM sums o WHERE o.party = s.party AND o.cause = 'theft'
    AND o.day <= s.day AND months_later(o.day, 24) > s.day) >= 3
  UNION ALL
  SELECT s.*, '264', goods, 2 FROM sums s  -- half the sum within a year of a penalty
  WHERE cause = 'theft' AND day >= DATE '2013-04-04' AND act_on IS NOT NULL AND goods >= 150000 AND EXISTS (
    SELECT 1 FROM sums o WHERE o.party = s.party AND o.cause = 'theft'
    AND o.effect_on < s.day AND months_later(o.effect_on, 12) > s.day)
  UNION ALL
  SELECT s.*, l.charge, CASE s.cause WHEN 'hazardous_waste' THEN 0 ELSE s.trade END, 1
  FROM sums s JOIN (VALUES ('hazardous_waste', '338', DATE '2023-08-15', 24, 0),
                           ('tobacco', '225', DATE '2010-03-26', 36, 3000000),
                           ('mining', '343', DATE '2016-12-01', 24, 0)) l (cause, charge, since, months, least_)
    ON l.cause = s.cause AND s.day >= l.since AND s.act_on IS NOT NULL AND s.trade >= l.least_
  WHERE (SELECT count(*) FROM sums o WHERE o.party = s.party AND o.cause = s.cause
         AND o.effect_on < s.day AND months_later(o.effect_on, l.months) > s.day) >= 2),
last_again AS (
  SELECT DISTINCT ON (party, charge) * FROM again ORDER BY party, charge, day DESC, decision_no DESC, rank),

duty AS (
  SELECT 'amount' AS rule, decision_no || '/' || charge AS obligation, party, decision_no, cause, agency,
         decided_on, act_on, day, report_on, tax, charge, max(fen) AS fen
  FROM hit GROUP BY ALL
  UNION ALL
  SELECT 'repeat', 'repeat/' || charge, party, decision_no, cause, agency,
         decided_on, act_on, day, report_on, tax, charge, fen FROM last_again
  UNION ALL
  SELECT 'conduct', decision_no || '/144/conduct', party, decision_no, cause, agency,
         decided_on, act_on, day, report_on, tax, '144', 0 FROM sums
  WHERE cause = 'toxic_food' AND day >= DATE '1997-10-01'),

limited AS (
  SELECT *, report_on >= DATE '2001-07-09' AS legal, coalesce(report_on, decided_on) AS start,
         coalesce(act_on, months_later(decided_on, -12)) AS earliest,
         CASE WHEN report_on IS NOT NULL THEN CAST(rolled(report_on + 3) + 1 AS DATE)
              ELSE working_days_later(decided_on, 5) END AS due
  FROM duty),

judged AS (
  SELECT l.*,
         (SELECT min(c."on") FROM CaseStep c WHERE c.party = l.party AND c.organ = 'agency'
          AND c.step = 'transferred_to_police' AND (c.case_no = l.decision_no OR (
            c.src_agency = l.agency AND c."on" >= l.earliest
            AND NOT EXISTS (SELECT 1 FROM Penalty o WHERE o.party = l.party AND o.decision_no = c.case_no)))
         ) AS transferred_on,
         (SELECT min(p.filed_on) FROM PoliceCase p WHERE p.party = l.party AND p.filed_on >= l.earliest
          AND (coalesce(p.charge, '') = '' OR p.charge = l.charge OR EXISTS (
            SELECT 1 FROM falls_under f WHERE f.cause = l.cause AND f.charge = p.charge))) AS filed_on
  FROM limited l),

stands AS (
  SELECT *, least(transferred_on, filed_on) AS done FROM judged j
  WHERE NOT (length(party) = 18 AND party NOT LIKE '9%' AND months_later(
          try_strptime(substr(party, 7, 8), '%Y%m%d')::DATE, 192) > day)
    AND NOT EXISTS (  -- the act came from a criminal case, or went into one
      SELECT 1 FROM Decision d WHERE d.party = j.party
      AND d.kind IN ('non_prosecution_statutory', 'non_prosecution_relative', 'non_prosecution_doubt',
                     'non_prosecution_conditional', 'prosecution')
      AND d.decided_on BETWEEN j.earliest AND months_later(j.decided_on, 12) AND EXISTS (
        SELECT 1 FROM falls_under f WHERE f.cause = j.cause AND list_contains(d.charges, f.charge)))
    AND NOT (  -- the police declined, and the agency accepted it
      EXISTS (SELECT 1 FROM CaseStep c WHERE c.party = j.party AND c.step = 'not_filed'
              AND c.case_no = j.decision_no AND (j.filed_on IS NULL OR j.filed_on < c."on"))
      AND NOT EXISTS (
        SELECT 1 FROM CaseStep c WHERE c.party = j.party AND c.organ = 'agency'
        AND c.step = 'reconsideration_asked' AND c.case_no = j.decision_no))
    AND NOT (  -- evaded tax was paid before a case was opened, and not for the third time in five years
      cause = 'tax_evasion' AND day >= DATE '2009-02-28'
      AND coalesce((SELECT sum(r.amount_fen) FROM Receipt r WHERE r.party = j.party AND r.for_no = j.decision_no
           AND r.kind = 'tax' AND (j.filed_on IS NULL OR r."on" < j.filed_on)), 0) >= tax
      AND (SELECT count(*) FROM acts o WHERE o.party = j.party AND o.cause = 'tax_evasion'
           AND o.decided_on < j.day AND months_later(o.decided_on, 60) > j.day) < 2))

SELECT party, rule, obligation, CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status,
       coalesce(fen, 0) AS amount_fen, due
FROM stands
WHERE CASE WHEN done IS NOT NULL THEN done > due AND coalesce(legal, false)
      ELSE over(due) AND is_complete('CaseStep', 'step', 'transferred_to_police', start, due)
           AND is_complete('PoliceCase', 'charge', charge, start, due) END
