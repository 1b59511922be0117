-- D12. Whom a law or a court bars from a trade holds no post or certificate of it while the ban runs
-- and its law is in force (食品安全法 135, 138; 未成年人保护法 62; 教师法 14; 公司法 178 and, before
-- 2024-07-01, 146; 登记管理条例 12; 保安条例 17; 网约车办法 14; 刑法 37之一, 72). Who holds it when the
-- ban begins has 30 days to leave; a spell that ended in time or with its ban is no fault. The court
-- tells the education authority of a teacher's conviction in 30 days, and bars (法发〔2022〕32号 3, 5).

-- ---- posts, from what the organisations' registers say
WITH deregistered AS (
  SELECT uscc, min("on") AS "on" FROM (
    SELECT uscc, "on" FROM CompanyEvent WHERE kind IN ('cancelled', 'annulled')
    UNION ALL SELECT uscc, status_on FROM Company
    WHERE status IN ('注销', '撤销') AND status_on IS NOT NULL)
  GROUP BY uscc),

closed AS (
  SELECT uscc, min("on") AS "on" FROM (
    SELECT uscc, "on" FROM CompanyEvent WHERE kind IN ('revoked', 'closed_by_order')
    UNION ALL SELECT uscc, status_on FROM Company WHERE status = '吊销' AND status_on IS NOT NULL)
  GROUP BY uscc),

fed AS (  -- the food licences of an organisation; NULL: one of them has not ended
  SELECT holder, min(issued_on) AS since,
         nullif(max(coalesce(least(ended_on, valid_until), DATE '9999-12-31')),
                DATE '9999-12-31') AS until
  FROM Licence WHERE kind = 'food' GROUP BY holder),

unfed AS (  -- a decision that names it took it, or the register lost one since
  SELECT party, decided_on AS "on", decision_no AS no,
         row_number() OVER (PARTITION BY party ORDER BY decided_on DESC, key DESC) AS place
  FROM Penalty p
  WHERE annulled_on IS NULL AND list_contains(kinds, '吊销许可证件')
    AND EXISTS (
      SELECT 1 FROM Licence l WHERE l.holder = p.party AND l.kind = 'food' AND l.end_kind = 'revoked'
      AND CASE WHEN p.suspended_licence <> ''
               THEN contains(p.suspended_licence, regexp_replace(l.licence_no, '^.*/', ''))
               ELSE l.ended_on >= p.decided_on END)),

told AS MATERIALIZED (
  SELECT a.person, 'organisation:' || a.organisation || '/' || a.key AS key, a.key AS post,
         a.organisation, a.role, a.since,
         least(a.until, d."on") AS until,
         CASE WHEN len(a.sectors) > 0 THEN a.sectors ELSE coalesce(c.sectors, []) END AS sectors,
         r."on" AS revoked_on, f.since AS food_since, f.until AS food_until,
         u."on" AS food_revoked_on, u.no AS food_revoked_no
  FROM Appointment a
  LEFT JOIN Company c ON c.uscc = a.organisation
  LEFT JOIN deregistered d ON d.uscc = a.organisation
  LEFT JOIN closed r ON r.uscc = a.organisation
  LEFT JOIN fed f ON f.holder = a.organisation
  LEFT JOIN unfed u ON u.party = a.organisation AND u.place = 1
  UNION ALL
  SELECT person, key, post, organisation, role, since, until, sectors, revoked_on, food_since,
         food_until, food_revoked_on, food_revoked_no
  FROM Post WHERE NOT starts_with(feed, 'derived:')),  -- as another system tells it

-- Several registers tell of one post.
ordered AS (
  SELECT *, max(coalesce(until, DATE '9999-12-31')) OVER (
           PARTITION BY person, organisation, role ORDER BY since, key
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM told WHERE until IS NULL OR until >= since),

islands AS (
  SELECT *, count(*) FILTER (before IS NULL OR before + 1 < since) OVER (
           PARTITION BY person, organisation, role ORDER BY since, key) AS island
  FROM ordered),

post AS MATERIALIZED (
  SELECT person, organisation, role, min_by(key, (since, key)) AS key,
         min(since) AS since,
         max(coalesce(until, DATE '9999-12-31')) AS until,
         flatten(list(sectors)) AS sectors,
         min(food_since) AS food_since,
         max(CASE WHEN food_since IS NOT NULL THEN coalesce(food_until, DATE '9999-12-31') END)
           AS food_until
  FROM islands GROUP BY person, organisation, role, island),

-- Universities (834) and driving schools (8391) do not work with children (130(1)); education as a
-- whole, named beside them, says no more.
for_adults AS MATERIALIZED (
  SELECT DISTINCT person, key
  FROM (SELECT person, key, list_transform(sectors, lambda s: ltrim(s, 'ABCDEFGHIJKLMNOPQRST'))
               AS numbers,
               list_filter(sectors, lambda s: s[1] = 'P' OR starts_with(s, '83')) AS schools
        FROM post)
  WHERE list_filter(numbers, lambda n: regexp_matches(n, '^(834|8391)')) <> []
    AND list_filter(schools, lambda s: NOT (
      regexp_matches(s, '^P?(834|8391|8?3?$)') OR s IN ('839', 'P839')
      AND list_filter(numbers, lambda n: starts_with(n, '8391')) <> [])) = []),

-- Who led a company when its licence was taken; the last of several registers names it.
led AS (
  SELECT person, organisation, max_by(post, (since, key)) AS no, max_by("on", (since, key)) AS "on"
  FROM (SELECT *, revoked_on AS "on" FROM told) WHERE role = 'legal_rep'
   AND "on" BETWEEN since AND coalesce(until, DATE '9999-12-31') GROUP BY ALL),

fed_badly AS (
  SELECT DISTINCT person, organisation, food_revoked_no AS no, food_revoked_on AS "on"
  FROM told WHERE role = 'legal_rep'
   AND food_revoked_on BETWEEN since AND coalesce(until, DATE '9999-12-31')),

-- ---- what bars

judged AS MATERIALIZED (
  SELECT j.*, coalesce(j.sentence_until,
                       CASE WHEN penalty IN ('无期', '死缓') THEN DATE '9999-12-31' END,
                       j.effective_on) AS served,
         list_filter(charges, lambda c: regexp_extract(c, '^\d+')::INT BETWEEN 140 AND 231
           OR c IN ('270', '271', '272', '273')
           OR regexp_extract(c, '^\d+')::INT BETWEEN 382 AND 396) <> [] AS economic,
         list_filter(charges, lambda c: c NOT IN (
           '115', '119', '124', '131', '132', '133', '134', '134-1', '135', '135-1', '136', '137',
           '138', '139', '139-1', '167', '168', '233', '235', '304', '330', '331', '334', '335',
           '338', '369', '370', '397', '398', '400', '406', '408', '408-1', '409', '412', '413',
           '419')) <> [] AS intended,
         penalty IN ('有期徒刑', '无期', '死缓') AS imprisoned,
         list_has_any(charges, ['143', '144']) AS food,
         list_has_any(charges, ['232', '234', '236', '236-1', '237', '239', '240', '241', '260',
                                '260-1', '262']) AS harm
  FROM Judgment j
  WHERE effective_on IS NOT NULL AND outcome <> 'acquitted'
    AND NOT EXISTS (SELECT 1 FROM Judgment r WHERE r.replaces = j.case_no AND r.party = j.party)
    AND NOT EXISTS (SELECT 1 FROM CaseStep s WHERE s.case_no = j.case_no AND s.party = j.party
                    AND s.organ = 'court' AND s.step = 'retrial_ordered'
                    AND s."on" >= j.effective_on)),

guilty AS MATERIALIZED (SELECT * FROM judged WHERE outcome = 'guilty'),

penalised AS MATERIALIZED (
  SELECT * FROM Penalty p WHERE NOT EXISTS (
    SELECT 1 FROM Penalty a WHERE a.decision_no = p.decision_no AND a.party = p.party
    AND a.annulled_on IS NOT NULL)),

detained AS (
  SELECT party, decided_on, row_number() OVER (PARTITION BY party ORDER BY decided_on) AS n
  FROM (SELECT party, decision_no, min(decided_on) AS decided_on FROM penalised
        WHERE list_contains(kinds, '行政拘留') GROUP BY ALL)),

lost AS (
  SELECT holder, licence_no, ended_on,
         row_number() OVER (PARTITION BY holder ORDER BY ended_on, licence_no) AS n
  FROM Licence WHERE kind = 'guard' AND end_kind = 'revoked' AND ended_on IS NOT NULL),

ground AS MATERIALIZED (  -- whom, by what ban and ground, between which days; and under which law
  SELECT party AS person, 'food_licence_revoked' AS ban, decision_no AS ground, decided_on AS since,
         months_later(decided_on, 60) AS until, '' AS elsewhere,
         DATE '2015-10-01' AS law_since, DATE '9999-12-31' AS law_until, []::VARCHAR[] AS trades
  FROM penalised
  WHERE cause IN ('unsafe_food', 'toxic_food') AND list_contains(kinds, '吊销许可证件')
  UNION ALL
  SELECT person, 'food_licence_revoked', no, "on", months_later("on", 60), organisation,
         DATE '2015-10-01', DATE '9999-12-31', []
  FROM fed_badly
  UNION ALL
  SELECT party, 'food_crime', case_no, effective_on, DATE '9999-12-31', '', DATE '2015-10-01',
         DATE '9999-12-31', []
  FROM guilty WHERE food AND imprisoned AND effective_on >= DATE '2015-10-01'
  UNION ALL
  SELECT party, 'food_inspector', case_no, effective_on, DATE '9999-12-31', '', DATE '2015-10-01',
         DATE '9999-12-31', []
  FROM guilty WHERE food AND effective_on >= DATE '2015-10-01'
  UNION ALL
  SELECT party, 'minors_close_contact', no, since, DATE '9999-12-31', '', DATE '2021-06-01',
         DATE '9999-12-31', []
  FROM (SELECT party, case_no AS no, effective_on AS since FROM judged WHERE harm
        UNION ALL SELECT party, decision_no, decided_on FROM penalised
        WHERE cause IN ('indecency', 'assault')
        UNION ALL SELECT party, decision_no, decided_on FROM Decision
        WHERE kind = 'non_prosecution_relative' AND revoked_on IS NULL
          AND list_has_any(charges, ['236', '236-1', '237']))  -- sexual offences
  UNION ALL
  SELECT party, 'teacher', case_no, effective_on, DATE '9999-12-31', '', DATE '1994-01-01',
         DATE '9999-12-31', []
  FROM guilty WHERE rights_until IS NOT NULL OR intended AND imprisoned
  UNION ALL
  SELECT party, 'director_crime', case_no, effective_on, CASE WHEN served >= DATE '9999-01-01'
           THEN DATE '9999-12-31' ELSE months_later(served, 60) END, '',
         DATE '2018-10-26', DATE '9999-12-31', []
  FROM guilty WHERE economic AND probation_until IS NULL
  UNION ALL
  SELECT party, 'director_rights', case_no, effective_on,
         CASE WHEN rights_until >= DATE '9999-01-01' THEN DATE '9999-12-31'
           ELSE months_later(rights_until, 60) END, '',
         DATE '2018-10-26', DATE '9999-12-31', []
  FROM guilty WHERE rights_until IS NOT NULL
  UNION ALL
  SELECT party, 'director_probation', case_no, effective_on, months_later(probation_until, lasts),
         '', law_since, law_until, []
  FROM guilty, (VALUES (60, DATE '2018-10-26', DATE '2024-06-30'),
                       (24, DATE '2024-07-01', DATE '9999-12-31')) l (lasts, law_since, law_until)
  WHERE economic AND probation_until IS NOT NULL
  UNION ALL
  SELECT person, 'director_licence', no, "on", months_later("on", 36), organisation,
         DATE '2018-10-26', DATE '9999-12-31', []
  FROM led
  UNION ALL
  SELECT party, 'director_debt', case_no, listed_on, coalesce(delisted_on - 1, DATE '9999-12-31'),
         '', DATE '2024-07-01', DATE '9999-12-31', []
  FROM Dishonest
  UNION ALL
  SELECT party, 'legal_rep_probation', case_no, effective_on, months_later(probation_until, 60),
         '', DATE '2022-03-01', DATE '9999-12-31', []
  FROM guilty WHERE economic AND probation_until IS NOT NULL
  UNION ALL
  SELECT party, 'guard_crime', case_no, effective_on, DATE '9999-12-31', '', DATE '2010-01-01',
         DATE '9999-12-31', []
  FROM guilty WHERE intended
  UNION ALL
  SELECT party, 'guard_detained', '', decided_on, DATE '9999-12-31', '', DATE '2010-01-01',
         DATE '9999-12-31', []
  FROM detained WHERE n = 3
  UNION ALL
  SELECT person, ban, order_no, decided_on, DATE '9999-12-31', '', law, DATE '9999-12-31', []
  FROM DrugOrder, (VALUES ('guard_drugs', DATE '2010-01-01'),
                          ('ride_hailing_drugs', DATE '2016-11-01')) l (ban, law)
  WHERE kind = 'compulsory' AND annulled_on IS NULL
  UNION ALL
  SELECT holder, 'guard_revoked', licence_no, ended_on,
         CASE WHEN n >= 2 THEN DATE '9999-12-31' ELSE months_later(ended_on, 36) END, '',
         DATE '2010-01-01', DATE '9999-12-31', []
  FROM lost WHERE n <= 2  -- a third adds nothing
  UNION ALL
  SELECT party, 'ride_hailing_crime', case_no, effective_on, DATE '9999-12-31', '',
         DATE '2016-11-01', DATE '9999-12-31', []
  FROM guilty WHERE list_has_any(charges, ['114', '121', '122', '123', '133', '133-1', '232', '234',
                                           '236', '237', '239', '263', '292'])
  UNION ALL
  SELECT party, CASE cause WHEN 'drug_use' THEN 'ride_hailing_drugs' ELSE 'ride_hailing_drink' END,
         decision_no, decided_on, DATE '9999-12-31', '', DATE '2016-11-01', DATE '9999-12-31', []
  FROM penalised WHERE cause IN ('drug_use', 'drink_driving', 'drunk_driving')
  UNION ALL
  SELECT person, 'ride_hailing_drink', check_no, "on", DATE '9999-12-31', '', DATE '2016-11-01',
         DATE '9999-12-31', []
  FROM TrafficCheck WHERE bac_mg >= 20 AND vehicle = 'motor' AND annulled_on IS NULL
  UNION ALL
  SELECT party, 'court_ban', case_no, ended + 1, least(ban_until, months_later(ended, 60)), '',
         DATE '2015-11-01', DATE '9999-12-31', ban_sectors
  FROM (SELECT *, coalesce(sentence_until, effective_on) AS ended FROM guilty)
  WHERE ban_until IS NOT NULL AND probation_until IS NULL
  UNION ALL
  SELECT party, 'probation_order', case_no, effective_on, least(ban_until, probation_until), '',
         DATE '2011-05-01', DATE '9999-12-31', ban_sectors
  FROM guilty WHERE ban_until IS NOT NULL AND probation_until IS NOT NULL),

-- ---- whom it concerns: roles in trades (all of them where none is named), and every post of others

reach AS (
  SELECT * FROM (VALUES
    ('food_licence_revoked', ['legal_rep', 'executive', 'manager', 'food_safety', 'operator'],
     ['13', '14', '15', '512', '522', '62'], []::VARCHAR[], ''),
    ('food_crime', ['legal_rep', 'executive', 'manager', 'food_safety', 'operator'],
     ['13', '14', '15', '512', '522', '62'], [], ''),
    ('food_inspector', [], [], ['7451', '7452'], ''),
    ('minors_close_contact', ['teacher', 'staff_minors'], NULL, ['P', '83'], ''),
    ('teacher', ['teacher'], NULL, [], 'teacher'),
    ('director_crime', ['director', 'supervisor', 'executive', 'manager', 'legal_rep'],
     NULL, [], ''),
    ('director_rights', ['director', 'supervisor', 'executive', 'manager', 'legal_rep'],
     NULL, [], ''),
    ('director_probation', ['director', 'supervisor', 'executive', 'manager'], NULL, [], ''),
    ('director_licence', ['director', 'supervisor', 'executive', 'manager', 'legal_rep'],
     NULL, [], ''),
    ('director_debt', ['director', 'supervisor', 'executive', 'manager', 'legal_rep'],
     NULL, [], ''),
    ('legal_rep_probation', ['legal_rep'], NULL, [], ''),
    ('guard_crime', ['guard'], NULL, [], 'guard'), ('guard_detained', ['guard'], NULL, [], 'guard'),
    ('guard_drugs', ['guard'], NULL, [], 'guard'), ('guard_revoked', ['guard'], NULL, [], 'guard'),
    ('ride_hailing_crime', ['driver'], ['5413'], [], 'ride_hailing'),
    ('ride_hailing_drugs', ['driver'], ['5413'], [], 'ride_hailing'),
    ('ride_hailing_drink', ['driver'], ['5413'], [], 'ride_hailing'))
    r (ban, roles, trades, whole, certificate)),

barred AS MATERIALIZED (
  SELECT g.person, g.ban, g.ground, g.since, g.until, g.elsewhere, g.law_since, g.law_until,
         r.roles, r.trades, r.whole, r.certificate
  FROM ground g JOIN reach r USING (ban)
  UNION ALL  -- in the trades that the court names, every post
  SELECT person, ban, ground, since, until, elsewhere, law_since, law_until, [], [], trades, ''
  FROM ground WHERE ban IN ('court_ban', 'probation_order')),

-- A trade is named by its number or, all of a section, by its letter.
within AS MATERIALIZED (
  SELECT DISTINCT t.code, s.sector
  FROM (SELECT unnest(trades) AS code FROM barred UNION SELECT unnest(whole) FROM barred) t,
       (SELECT DISTINCT unnest(sectors) AS sector FROM post) s
  WHERE CASE WHEN t.code SIMILAR TO '[A-T]' THEN s.sector[1] = t.code
        ELSE starts_with(ltrim(s.sector, 'ABCDEFGHIJKLMNOPQRST'),
                         ltrim(t.code, 'ABCDEFGHIJKLMNOPQRST')) END),

held AS (
  SELECT b.person, b.ban, b.ground, p.key, b.ban AS rule, p.since AS taken, p.since, p.until,
         p.until AS quits, FALSE AS expires, b.since AS barred_since, b.until AS barred_until,
         b.law_since, b.law_until
  FROM barred b JOIN post p ON p.person = b.person AND p.organisation <> b.elsewhere
  WHERE p.role <> 'shareholder'
    AND NOT (b.ban = 'minors_close_contact' AND EXISTS (
      SELECT 1 FROM for_adults f WHERE f.person = p.person AND f.key = p.key))
    AND (list_contains(b.roles, p.role) AND (b.trades IS NULL OR EXISTS (
           SELECT 1 FROM within w WHERE list_contains(b.trades, w.code)
           AND list_contains(p.sectors, w.sector)))
         OR EXISTS (SELECT 1 FROM within w WHERE list_contains(b.whole, w.code)
                    AND list_contains(p.sectors, w.sector)))
  UNION ALL  -- in another trade, but with a food licence
  SELECT b.person, b.ban, b.ground, p.key, b.ban, p.since, greatest(p.since, p.food_since),
         least(p.until, p.food_until), p.until, FALSE, b.since, b.until, b.law_since, b.law_until
  FROM barred b JOIN post p ON p.person = b.person AND p.organisation <> b.elsewhere
  WHERE b.ban IN ('food_licence_revoked', 'food_crime') AND list_contains(b.roles, p.role)
    AND p.food_since IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM within w WHERE list_contains(b.trades, w.code)
                    AND list_contains(p.sectors, w.sector))
  UNION ALL  -- a certificate, or a food licence of one's own
  SELECT b.person, b.ban, b.ground, l.key,
         CASE l.kind WHEN 'food' THEN b.ban ELSE 'licence_kept' END, l.issued_on, l.issued_on,
         coalesce(least(l.ended_on, l.valid_until), DATE '9999-12-31'),
         coalesce(least(l.ended_on, l.valid_until), DATE '9999-12-31'),
         l.end_kind = 'expired' OR coalesce(l.valid_until < l.ended_on, l.ended_on IS NULL),
         b.since, b.until, b.law_since, b.law_until
  FROM barred b JOIN Licence l ON l.holder = b.person AND (l.kind = b.certificate
    OR l.kind = 'food' AND b.ban IN ('food_licence_revoked', 'food_crime'))
   AND NOT (b.ban = 'guard_revoked' AND b.ground = l.licence_no)),

meeting AS MATERIALIZED (
  SELECT *, greatest(since, barred_since, law_since) AS met,
         least(until, barred_until, law_until) AS parted
  FROM held
  WHERE greatest(since, barred_since, law_since) <= least(until, barred_until, law_until)),

spell AS (
  SELECT person, rule, ban, ground, key, taken, expires, min(met) AS met, max(parted) AS parted,
         max(parted) = max(quits) AS gone
  FROM meeting GROUP BY ALL),

-- ---- what the court owes

staff AS (
  SELECT j.*, EXISTS (SELECT 1 FROM post p WHERE p.person = j.party AND p.role = 'teacher'
                      AND p.since <= j.effective_on
                      AND p.until >= months_later(j.pronounced_on, -24)) AS taught
  FROM judged j),

notice AS (
  SELECT s.party, s.case_no, s.effective_on, rolled(CAST(s.effective_on + 30 AS DATE)) AS due,
         (SELECT min(c."on") FROM CaseStep c WHERE c.case_no = s.case_no AND c.party = s.party
          AND c.organ = 'court' AND c.step = 'edu_notice' AND c."on" >= s.pronounced_on) AS done
  FROM staff s WHERE taught AND effective_on >= DATE '2022-11-15'),

-- The employer asks at hiring, a half year before or within ten days, and in every year.
query AS (
  SELECT person, key, year(since) AS year, months_later(since, -6) AS start,
         rolled(CAST(since + 10 AS DATE)) AS due, FALSE AS legal
  FROM post WHERE role IN ('teacher', 'staff_minors') AND since >= DATE '2021-06-01'
    AND until >= rolled(CAST(since + 10 AS DATE))
  UNION ALL
  SELECT person, key, y, make_date(y, 1, 1), make_date(y, 12, 31), TRUE
  FROM post, (SELECT unnest(range(2021, 2101)) AS y)
  WHERE role IN ('teacher', 'staff_minors') AND make_date(y, 12, 31) <= until AND y >= CASE
    WHEN since < DATE '2021-06-01' THEN 2021 ELSE year(since) + 1 END),

queried AS (
  SELECT q.*, (SELECT min(s."on") FROM CaseStep s WHERE s.party = q.person AND s.step = 'query'
               AND s."on" >= q.start) AS done
  FROM query q ANTI JOIN for_adults f ON f.person = q.person AND f.key = q.key)

SELECT person AS party, rule, concat_ws('/', ban, nullif(ground, ''), key) AS obligation,
       CASE WHEN over(parted) THEN 'cured' ELSE 'holds' END AS status, 0 AS amount_fen,
       CAST(NULL AS DATE) AS due
FROM spell
WHERE regexp_matches(person, '^\d{6}(18|19|20)\d{2}[01]\d[0-3]\d{4}[0-9X]$')  -- no firm
  AND (SELECT as_of FROM parameter) >= met
  AND CASE WHEN over(parted) THEN met = taken AND gone AND NOT expires
      ELSE met = taken OR over(rolled(CAST(met + 30 AS DATE))) END
UNION ALL
SELECT party, 'edu_notice', case_no || '/edu_notice',
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM notice
WHERE CASE WHEN done IS NOT NULL THEN done > due
      ELSE over(due) AND steps_complete('court', 'edu_notice', effective_on, due) END
UNION ALL
SELECT party, 'minors_court_ban', case_no || '/minors_court_ban', 'holds', 0, NULL
FROM staff
WHERE taught AND harm AND outcome = 'guilty' AND ban_until IS NULL
  AND pronounced_on >= DATE '2022-11-15'
UNION ALL
SELECT person, 'no_query', concat_ws('/', 'query', key, year),
       CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END, 0, due
FROM queried
WHERE CASE WHEN done IS NOT NULL THEN done > due AND legal
      ELSE over(due) AND is_complete('CaseStep', 'step', 'query', start, due) END
