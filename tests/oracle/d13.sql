-- Rules: convicted_alive revoked_3y dissolution
-- D13, without rings and dormancy. A company named in a judgment over a crime in which companies are
-- the tool, or led by its convict, is gone 60 days later (a setting of the product). Revoked or
-- closed for three years it may be struck off (公司法 241; a state, no term of anybody's to roll on). Dissolved, it publishes that in 10 days
-- and has its liquidators in 15 (229, 232), all from 2024-07-01.

WITH firm AS (  -- under the Company Law: not households in trade, partnerships, cooperatives
  SELECT * FROM Company WHERE NOT regexp_matches(kind, '个体|个人独资|合伙|合作社')),

gone AS (
  SELECT uscc, min("on") AS "on" FROM (
    SELECT uscc, "on" FROM CompanyEvent
    WHERE kind IN ('cancelled', 'revoked', 'annulled', 'closed_by_order')
    UNION ALL
    SELECT uscc, status_on FROM Company
    WHERE status IN ('注销', '吊销', '撤销') AND status_on IS NOT NULL)
  GROUP BY uscc),

struck AS (
  SELECT uscc, min("on") AS "on" FROM (
    SELECT uscc, "on" FROM CompanyEvent WHERE kind IN ('cancelled', 'annulled')
    UNION ALL
    SELECT uscc, status_on FROM Company
    WHERE status IN ('注销', '撤销') AND status_on IS NOT NULL)
  GROUP BY uscc),

named AS (
  SELECT DISTINCT unnest(organisations) AS uscc, case_no AS judgment, effective_on
  FROM Judgment j
  WHERE outcome = 'guilty' AND effective_on IS NOT NULL
    AND list_has_any(charges, ['205', '266', '280', '287-2'])
    AND NOT EXISTS (SELECT 1 FROM Judgment r WHERE r.replaces = j.case_no AND r.party = j.party)),

tool AS (
  SELECT * FROM named
  UNION
  SELECT organisation, judgment, effective_on FROM Convict
  WHERE role = 'legal_rep' AND list_has_any(charges, ['205', '266', '280', '287-2'])),

alive AS (
  SELECT t.uscc, t.judgment, min(t.effective_on) AS start,
         rolled(CAST(min(t.effective_on) + 60 AS DATE)) AS due
  FROM tool t JOIN Company c USING (uscc) GROUP BY ALL),

revoked AS (
  SELECT uscc, key, "on" AS start, greatest(months_later("on", 36), DATE '2024-07-01') AS due
  FROM (SELECT uscc, key, "on" FROM CompanyEvent WHERE kind IN ('revoked', 'closed_by_order')
        UNION ALL  -- the register's status alone may say it
        SELECT uscc, key, status_on FROM Company c WHERE status = '吊销' AND status_on IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM CompanyEvent e WHERE e.uscc = c.uscc
                        AND e.kind IN ('revoked', 'closed_by_order')))),

resolved AS (
  SELECT uscc, key, "on" AS start FROM CompanyEvent
  WHERE kind = 'dissolution' AND "on" >= DATE '2024-07-01'),

duty AS (
  SELECT uscc, key || '/publish' AS obligation, start, 'published' AS step,
         rolled(CAST(start + 10 AS DATE)) AS due FROM resolved
  UNION ALL
  SELECT uscc, key || '/group', start, 'group_set', rolled(CAST(start + 15 AS DATE)) FROM resolved),

done AS (  -- without debts it is struck off in the simple way, which needs neither
  SELECT d.*, (SELECT min(e."on") FROM CompanyEvent e WHERE e.uscc = d.uscc
               AND e.kind = d.step AND e."on" >= d.start) AS done, s."on" AS struck
  FROM duty d SEMI JOIN firm c USING (uscc) LEFT JOIN struck s USING (uscc))

SELECT uscc AS party, 'convicted_alive' AS rule, judgment || '/alive' AS obligation,
       'holds' AS status, 0 AS amount_fen, due
FROM alive a LEFT JOIN gone g USING (uscc)
WHERE g."on" IS NULL AND over(due)
  AND NOT EXISTS (SELECT 1 FROM CompanyEvent r WHERE r.uscc = a.uscc AND r.kind = 'restructured'
                  AND r."on" >= a.start)
  AND is_complete('CompanyEvent', 'kind', 'cancelled', start, due)
  AND is_complete('CompanyEvent', 'kind', 'revoked', start, due)
UNION ALL
SELECT uscc, 'revoked_3y', key || '/deregister', 'holds', 0, due
FROM revoked r SEMI JOIN firm c USING (uscc) LEFT JOIN struck s USING (uscc)
WHERE s."on" IS NULL AND over(due)
  AND is_complete('CompanyEvent', '', '', due, due)  -- all kinds: each may say how it ended
  AND is_complete('Company', '', '', due, due)
UNION ALL
SELECT uscc, 'dissolution', obligation, CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM done
WHERE CASE WHEN done IS NOT NULL THEN done > due
      ELSE struck IS NULL AND over(due)
        AND is_complete('CompanyEvent', 'kind', step, start, due) END
