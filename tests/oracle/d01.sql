-- D01. Nobody is paid for a month after the month of death (funeral grant and survivors' money are
-- the heirs': 社会保险法 17). From 2023-12-01 the family has 20 working days to tell (经办条例 25);
-- thirty days later an insurance benefit that is still open, and not paid, is overdue.

WITH believed AS (
  SELECT person, died_on FROM (
    SELECT person, died_on, row_number() OVER (
      PARTITION BY person
      ORDER BY list_position(['police', 'health', 'cremation', 'civil_affairs'], authority), died_on DESC
    ) AS place
    FROM Death WHERE NOT coalesce(cancelled, false))
  WHERE place = 1),

undue AS (
  SELECT p.person, p.benefit_no, month_of(p.month) AS month, p.amount_fen, p.returned_on, d.died_on
  FROM BenefitPayment p JOIN believed d USING (person)
  WHERE month_of(p.month) > month_of(d.died_on)
    AND p.scheme NOT IN ('funeral', 'survivor') AND p.amount_fen <> 0),

given_back AS (
  SELECT r.person, r.for_no AS benefit_no, sum(r.amount_fen) AS fen
  FROM Refund r JOIN believed d USING (person)
  WHERE CASE WHEN r.month IS NULL THEN r.refunded_on >= d.died_on
        ELSE EXISTS (SELECT 1 FROM undue u WHERE u.person = r.person AND u.benefit_no = r.for_no
                     AND u.month = month_of(r.month)) END
  GROUP BY ALL),

overpaid AS (
  SELECT u.person, u.benefit_no, sum(u.amount_fen) AS paid,
         sum(CASE WHEN u.returned_on IS NULL THEN 0 ELSE u.amount_fen END)
           + coalesce(any_value(g.fen), 0) AS back
  FROM undue u LEFT JOIN given_back g ON g.person = u.person AND g.benefit_no = u.benefit_no
  GROUP BY u.person, u.benefit_no),

to_stop AS (
  SELECT b.person, b.benefit_no, b.scheme, b.stopped_on, d.died_on,
         rolled(CAST(working_days_later(d.died_on, 20) + INTERVAL 30 DAY AS DATE)) AS due
  FROM Benefit b JOIN believed d USING (person)
  WHERE d.died_on >= DATE '2023-12-01'
    AND b.scheme IN ('employee_pension', 'resident_pension', 'civil_service_pension')
    AND b.since <= d.died_on AND b.stopped_on IS NULL
    AND NOT EXISTS (SELECT 1 FROM undue u WHERE u.person = b.person AND u.benefit_no = b.benefit_no)
    AND NOT EXISTS (SELECT 1 FROM Benefit s WHERE s.person = b.person AND s.scheme = 'survivor'
                    AND s.since >= d.died_on))

SELECT person AS party, 'paid_after_death' AS rule, benefit_no AS obligation,
       CASE WHEN back >= paid THEN 'cured' ELSE 'holds' END AS status,
       greatest(paid - back, 0) AS amount_fen, CAST(NULL AS DATE) AS due
FROM overpaid
UNION ALL
SELECT person, 'stop_overdue', benefit_no || '/stop', 'holds', 0, due
FROM to_stop
WHERE over(due) AND is_complete('Benefit', 'scheme', scheme, died_on, due)
