-- What the rules of law share: dates, working days, and what is known to be complete.
--
-- Tables: one per record type, its fields as columns and the source as feed, key, src_agency, region;
-- calendar(day, works, n): n counts the working days up to and including the day;
-- falls_under(cause, charge): the articles under which the act of a penalty may fall;
-- listed(list, entry): the reference lists of the deployment;
-- coverage(n, kind, since, until): what is complete, under the fields and values of narrowed(n,
-- field, value), all of the type where there are none; parameter(as_of).

-- Date to date; from the last day of a month to the last day (高法解释 202).
CREATE OR REPLACE MACRO months_later(d, m) AS
  CASE WHEN d = last_day(d) THEN last_day(CAST(d + to_months(m) AS DATE)) ELSE CAST(d + to_months(m) AS DATE) END;

CREATE OR REPLACE MACRO month_of(d) AS CAST(date_trunc('month', d) AS DATE);

-- The day itself when it is worked, else the next day that is.
CREATE OR REPLACE MACRO rolled(d) AS (SELECT min(r.day) FROM calendar r WHERE r.works AND r.day >= d);

-- The k-th working day after a day.
CREATE OR REPLACE MACRO working_days_later(d, k) AS (
  SELECT min(w.day) FROM calendar w
  WHERE w.works AND w.n = k + (SELECT max(b.n) FROM calendar b WHERE b.day = d));

-- Every feed that supplies such rows is complete from the one day to the other; none: never.
-- Qualify what is passed: a bare ``since`` or ``until`` would be that of the statement.
CREATE OR REPLACE MACRO supplies(c, f, v) AS
  NOT EXISTS (SELECT 1 FROM narrowed w WHERE w.n = c AND w.field = f)
  OR EXISTS (SELECT 1 FROM narrowed w WHERE w.n = c AND w.field = f AND w.value = v);
CREATE OR REPLACE MACRO is_complete(k, f, v, a, b) AS (
  EXISTS (SELECT 1 FROM coverage c WHERE c.kind = k AND supplies(c.n, f, v))
  AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.kind = k AND supplies(c.n, f, v)
                  AND (c.since > a OR c.until < b)));

-- The same of one organ's step.
CREATE OR REPLACE MACRO steps_complete(o, s, a, b) AS (
  EXISTS (SELECT 1 FROM coverage c
          WHERE c.kind = 'CaseStep' AND supplies(c.n, 'organ', o) AND supplies(c.n, 'step', s))
  AND NOT EXISTS (SELECT 1 FROM coverage c WHERE c.kind = 'CaseStep'
                  AND supplies(c.n, 'organ', o) AND supplies(c.n, 'step', s)
                  AND (c.since > a OR c.until < b)));

CREATE OR REPLACE MACRO over(d) AS ((SELECT as_of FROM parameter) > d);

-- Unknown, when either is; greatest() would take the known one.
CREATE OR REPLACE MACRO later_of(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a > b THEN a ELSE b END;
