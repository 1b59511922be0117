-- D02. 劳社厅函〔2001〕44号 and 〔2003〕315号 (employees' pension only): nothing is paid for whole months
-- while wanted, held before a verdict, or serving; no rise takes effect under control, probation,
-- parole or temporary release; an acquittal restores what was suspended.
-- 刑诉法 268: a release got by fraud, and the days after an escape, are not time served.

WITH final AS (
  SELECT * FROM Judgment j
  WHERE j.effective_on IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM Judgment n
    WHERE n.party = j.party AND n.replaces = j.case_no AND n.effective_on IS NOT NULL)),

measure AS (
  SELECT *, coalesce(nullif(case_no, ''), measure_no) AS matter FROM Restraint),

-- How each criminal matter ended in favour of the person, unless a conviction followed.
favour AS (
  SELECT m.person, m.matter,
         bool_or(m.end_reason = 'acquitted') OR EXISTS (
           SELECT 1 FROM final f WHERE f.party = m.person AND m.matter IN (f.case_no, f.replaces)
           AND f.outcome = 'acquitted') AS acquitted,
         bool_or(m.end_reason IN ('not_prosecuted', 'withdrawn')) AS released
  FROM measure m
  WHERE NOT EXISTS (SELECT 1 FROM final f WHERE f.party = m.person AND f.case_no = m.matter
                    AND f.outcome = 'guilty')
  GROUP BY m.person, m.matter),

-- What was served outside from a day inside a time in prison parts that time.
outside AS (
  SELECT m.person, m.measure_no, c.since, coalesce(c.until, DATE '9999-12-31') AS until
  FROM measure m JOIN CorrectionSpell c ON c.person = m.person
  WHERE m.kind = 'prison' AND c.since > m.since AND c.since <= coalesce(m.until, DATE '9999-12-31')
    AND coalesce(c.until >= c.since, true)),

-- Every time without pension; restored: it is owed after all.
held AS (
  SELECT m.person, m.since, coalesce(m.until, DATE '9999-12-31') AS until,
         coalesce(v.acquitted OR v.released, false) AS restored
  FROM measure m LEFT JOIN favour v ON v.person = m.person AND v.matter = m.matter
  WHERE m.kind IN ('wanted', 'detention', 'arrest')
  UNION ALL
  SELECT m.person, b.since, least(coalesce(m.until, DATE '9999-12-31'), coalesce(
           (SELECT min(o.since) FROM outside o WHERE o.person = m.person
            AND o.measure_no = m.measure_no AND o.since >= b.since), DATE '9999-12-31')), false
  FROM measure m JOIN (
    SELECT person, measure_no, since FROM measure
    UNION SELECT person, measure_no, until + 1 FROM outside WHERE until < DATE '9999-12-31') b
    ON b.person = m.person AND b.measure_no = m.measure_no
  WHERE m.kind = 'prison' AND NOT EXISTS (
    SELECT 1 FROM outside o WHERE o.person = m.person AND o.measure_no = m.measure_no
    AND o.since < b.since AND o.until >= b.since)
  UNION ALL
  SELECT person, greatest(since, DATE '2018-11-01'), coalesce(until, DATE '9999-12-31'), false
  FROM CorrectionSpell WHERE kind = 'temporary_release' AND end_reason = 'fraud'
  UNION ALL
  SELECT c.person, greatest(c.until + 1, DATE '2018-11-01'),
         coalesce((SELECT min(m.since) FROM measure m
                   WHERE m.person = c.person AND m.since >= c.until) - 1, DATE '9999-12-31'), false
  FROM CorrectionSpell c
  WHERE c.kind = 'temporary_release' AND c.end_reason = 'escaped' AND c.until IS NOT NULL
  UNION ALL
  SELECT person, month_of(until), last_day(until), false
  FROM CorrectionSpell
  WHERE kind = 'parole' AND end_reason = 'revoked' AND until >= DATE '2004-01-01'),

stated AS (SELECT * FROM held WHERE since <= until),

-- What stays without pension after every end of a case in favour of the person; times that touch
-- are one time.
begun AS (
  SELECT *, since > coalesce(max(until) OVER (
      PARTITION BY person ORDER BY since, until ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      DATE '0001-01-01') + 1 AS fresh
  FROM stated WHERE NOT restored),
kept AS (
  SELECT person, min(since) AS since, max(until) AS until
  FROM (SELECT *, sum(CAST(fresh AS INTEGER)) OVER (
          PARTITION BY person ORDER BY since, until ROWS UNBOUNDED PRECEDING) AS number FROM begun)
  GROUP BY person, number),

undue AS (
  SELECT p.* FROM BenefitPayment p
  WHERE p.scheme = 'employee_pension' AND p.month >= DATE '2001-03-08' AND p.amount_fen <> 0
    AND over(last_day(p.month))  -- a month is held wholly only when it is over
    AND EXISTS (SELECT 1 FROM kept k WHERE k.person = p.person
                AND k.since <= month_of(p.month) AND k.until >= last_day(p.month))),

first_undue AS (
  SELECT person, benefit_no, min(month) AS month FROM undue GROUP BY person, benefit_no),

paid_while_held AS (
  SELECT u.person, u.benefit_no, sum(u.amount_fen) AS paid,
         sum(CASE WHEN u.returned_on IS NULL THEN 0 ELSE u.amount_fen END) + coalesce((
           SELECT sum(r.amount_fen) FROM Refund r
           JOIN first_undue f ON f.person = r.person AND f.benefit_no = r.for_no
           WHERE r.person = u.person AND r.for_no = u.benefit_no
             AND CASE WHEN r.month IS NULL THEN r.refunded_on >= f.month
                 ELSE EXISTS (SELECT 1 FROM undue x WHERE x.person = r.person
                   AND x.benefit_no = r.for_no AND month_of(x.month) = month_of(r.month)) END
         ), 0) AS back
  FROM undue u GROUP BY u.person, u.benefit_no),

-- ---- rises under supervision

rise AS (
  SELECT a.*, min(c.since) AS since, max(coalesce(c.until, DATE '9999-12-31')) AS until
  FROM BenefitAdjustment a JOIN CorrectionSpell c ON c.person = a.person
  WHERE a.scheme = 'employee_pension' AND a.delta_fen > 0 AND a.effective_on >= DATE '2001-03-08'
    AND a.effective_on BETWEEN c.since AND coalesce(c.until, DATE '9999-12-31')
    AND (c.kind IN ('control', 'probation', 'temporary_release')
         OR (c.kind = 'parole' AND a.effective_on >= DATE '2004-01-01'))
    AND NOT (c.kind = 'temporary_release' AND coalesce(c.end_reason, '') = 'fraud'
             AND a.effective_on >= DATE '2018-10-26')
  GROUP BY ALL),

raised AS (
  SELECT r.person, r.benefit_no, r.key, r.delta_fen * count(DISTINCT p.month) AS paid,
         coalesce((SELECT sum(b.amount_fen) FROM Refund b
                   WHERE b.person = r.person AND b.for_no = r.key), 0) AS back
  FROM rise r LEFT JOIN BenefitPayment p
    ON p.person = r.person AND p.benefit_no = r.benefit_no AND p.returned_on IS NULL
   AND month_of(p.month) >= r.effective_on AND over(last_day(p.month))
   AND month_of(p.month) >= r.since AND last_day(p.month) <= r.until
  GROUP BY r.person, r.benefit_no, r.key, r.delta_fen),

-- ---- back payment after an acquittal

acquittal AS (
  SELECT party AS person, case_no, replaces, effective_on, key FROM final
  WHERE outcome = 'acquitted' AND effective_on >= DATE '2001-03-08'),

behind AS (  -- which judgment acquitted in the matter of a measure
  SELECT m.person, m.matter, m.since, least(coalesce(m.until, a.effective_on), a.effective_on) AS until,
         a.key, a.effective_on
  FROM measure m
  JOIN favour v ON v.person = m.person AND v.matter = m.matter AND v.acquitted
  JOIN acquittal a ON a.person = m.person
  WHERE m.kind IN ('wanted', 'detention', 'arrest') AND a.key = coalesce(
    (SELECT arg_min(q.key, (q.effective_on, q.case_no)) FROM acquittal q
     WHERE q.person = m.person AND m.matter IN (q.case_no, q.replaces)),
    (SELECT arg_min(q.key, (q.effective_on, q.case_no)) FROM acquittal q
     WHERE q.person = m.person AND q.effective_on >= m.since))),

received AS (
  SELECT person, benefit_no, min(month) AS begun FROM BenefitPayment
  WHERE scheme = 'employee_pension' GROUP BY person, benefit_no),

day_held AS (
  SELECT DISTINCT b.person, b.key, b.effective_on, CAST(unnest(generate_series(b.since, b.until, INTERVAL 1 DAY)) AS DATE) AS day
  FROM behind b WHERE b.since <= b.until),

whole AS (
  SELECT person, key, effective_on, month_of(day) AS month FROM day_held
  GROUP BY person, key, effective_on, month_of(day)
  HAVING count(*) = day(last_day(month_of(any_value(day))))),

suspended AS (  -- whole months in custody of the acquitted case, after the pension had begun
  SELECT w.person, w.key, w.effective_on, r.benefit_no, r.begun, w.month
  FROM whole w JOIN received r USING (person)
  WHERE w.month > r.begun
    AND NOT EXISTS (SELECT 1 FROM stated s WHERE s.person = w.person AND NOT s.restored
                    AND s.since <= last_day(w.month) AND s.until >= w.month)),

missing AS (
  SELECT s.person, s.key, s.effective_on, s.benefit_no, count(*) AS months,
         (SELECT min(f.month) FROM suspended f WHERE f.person = s.person AND f.key = s.key
          AND f.benefit_no = s.benefit_no) AS first,
         rolled(months_later(s.effective_on, 3)) AS due
  FROM suspended s
  WHERE NOT EXISTS (SELECT 1 FROM BenefitPayment p WHERE p.person = s.person
                    AND p.benefit_no = s.benefit_no AND p.month = s.month AND p.returned_on IS NULL)
  GROUP BY ALL),

not_resumed AS (
  SELECT m.*, (SELECT sum(p.amount_fen) FROM BenefitPayment p WHERE p.person = m.person
               AND p.benefit_no = m.benefit_no AND p.month = (
                 SELECT max(q.month) FROM BenefitPayment q WHERE q.person = m.person
                 AND q.benefit_no = m.benefit_no AND q.month < m.first)) AS monthly
  FROM missing m)

SELECT person AS party, 'paid_while_held' AS rule, benefit_no || '/held' AS obligation,
       CASE WHEN back >= paid THEN 'cured' ELSE 'holds' END AS status,
       greatest(paid - back, 0) AS amount_fen, CAST(NULL AS DATE) AS due
FROM paid_while_held
UNION ALL
SELECT person, 'adjusted_under_supervision', benefit_no || '/adjusted/' || key,
       CASE WHEN paid > 0 AND back >= paid THEN 'cured' ELSE 'holds' END,
       greatest(paid - back, 0), NULL
FROM raised
UNION ALL
SELECT person, 'not_resumed', benefit_no || '/resume/' || key, 'holds', monthly * months, due
FROM not_resumed
WHERE over(due) AND is_complete('BenefitPayment', 'scheme', 'employee_pension', first, due)
