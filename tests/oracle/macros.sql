-- What the rules of law share: dates, working days, and what is known to be complete.
--
-- Tables: one per record type, its fields as columns and the source as feed, key, src_agency, region;
-- calendar(day, works, n): n counts the working days up to and including the day;
-- falls_under(cause, charge): the articles under which the act of a penalty may fall;
-- listed(list, entry): the reference lists of the deployment;
-- coverage(kind, since, until, narrowed): what is complete, and by field of which values only, where
-- it is not all of the type; parameter(as_of).

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
CREATE OR REPLACE MACRO supplies(fields, f, v) AS fields[f] IS NULL OR list_contains(fields[f], v);
CREATE OR REPLACE MACRO is_complete(k, f, v, a, b) AS (
  SELECT count(*) > 0 AND NOT coalesce(bool_or(c.since > a OR c.until < b), FALSE)
  FROM coverage c WHERE c.kind = k AND supplies(c.narrowed, f, v));

-- The same of one organ's step.
CREATE OR REPLACE MACRO steps_complete(o, s, a, b) AS (
  SELECT count(*) > 0 AND NOT coalesce(bool_or(c.since > a OR c.until < b), FALSE)
  FROM coverage c WHERE c.kind = 'CaseStep'
  AND supplies(c.narrowed, 'organ', o) AND supplies(c.narrowed, 'step', s));

CREATE OR REPLACE MACRO over(d) AS ((SELECT as_of FROM parameter) > d);

-- Unknown, when either is; greatest() would take the known one.
CREATE OR REPLACE MACRO later_of(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN a > b THEN a ELSE b END;
