-- Rules: transfer filing execution treasury
-- D09. Property parts of judgments: a fine falls due at the end of the payment term (刑法 53), all else
-- with the judgment; handed over promptly (thirty days, a setting; Sichuan seven), filed in seven days,
-- executed in six months unless extended (法释〔2014〕13号 3, 7); what is received goes to the treasury
-- (thirty days, a setting). Days on which relief is decided on do not count, nor for the six months those
-- on which the execution is stayed.

WITH RECURSIVE believed AS (
  SELECT party, died_on FROM (
    SELECT person AS party, died_on, row_number() OVER (PARTITION BY person ORDER BY list_position(
             ['police', 'health', 'cremation', 'civil_affairs'], authority), died_on DESC) AS place
    FROM Death WHERE NOT coalesce(cancelled, false))
  WHERE place = 1),

item AS (
  SELECT i.*, coalesce(nullif(i.item_no, ''), i.case_no || '/' || i.kind) AS id,
         CASE WHEN kind <> 'fine' THEN effective_on
              ELSE coalesce(list_max(instalments_due), due_on) END AS payable_on,
         list_position(['restitution', 'disgorgement', 'tools', 'fine', 'confiscation'], kind) AS rank
  FROM (SELECT DISTINCT ON (party, case_no, kind) * FROM PropertyItem  -- one of each kind, the latest
        ORDER BY party, case_no, kind, effective_on DESC, feed DESC, key DESC) i),

-- ---- a fine of an agency on the same facts comes off

fined AS (
  SELECT i.party, i.id, sum(least(p.fine_fen, coalesce((
           SELECT sum(r.amount_fen) FROM Receipt r WHERE r.party = p.party AND r.for_no = p.decision_no AND r.kind = 'paid'
         ), p.fine_fen))) AS fen
  FROM item i JOIN Judgment j ON j.party = i.party AND j.case_no = i.case_no
  JOIN Penalty p ON p.party = i.party AND p.annulled_on IS NULL AND p.fine_fen > 0
   AND p.decided_on BETWEEN months_later(j.pronounced_on, -24) AND j.pronounced_on
   AND EXISTS (SELECT 1 FROM falls_under f WHERE f.cause = p.cause AND list_contains(j.charges, f.charge))
  WHERE i.kind = 'fine' GROUP BY ALL),
owing AS (
  SELECT i.*, CASE WHEN i.amount_fen IS NOT NULL THEN greatest(i.amount_fen - coalesce(f.fen, 0), 0) END AS owed
  FROM item i
  LEFT JOIN fined f ON f.party = i.party AND f.id = i.id),

-- ---- receipts: one voucher once, to the item that it names, else to the victims first

number AS (  -- under which a case of the party is paid: its own, and those of its executions
  SELECT DISTINCT party, case_no, case_no AS no FROM owing
  UNION SELECT o.party, o.case_no, e.case_no FROM owing o JOIN Execution e ON e.debtor = o.party AND e.base_no = o.case_no),
voucher AS (
  SELECT DISTINCT ON (party, for_no, item, kind, coalesce(nullif(voucher_no, ''), feed || key)) * FROM Receipt
  WHERE kind IN ('paid', 'treasury')
  ORDER BY party, for_no, item, kind, coalesce(nullif(voucher_no, ''), feed || key), "on", feed, key),
named AS (
  SELECT v.party, o.id, v.key, v.feed, v."on", v.amount_fen FROM voucher v
  JOIN owing o ON o.party = v.party AND v.kind = 'paid' AND (v.for_no = nullif(o.item_no, '') OR (
    v.item = o.kind AND EXISTS (SELECT 1 FROM number n WHERE n.party = o.party AND n.case_no = o.case_no AND n.no = v.for_no)))),
unnamed AS (
  SELECT v.party, n.case_no, v.feed, v.key, v."on", v.amount_fen,
         sum(v.amount_fen) OVER (PARTITION BY v.party, n.case_no ORDER BY v."on", v.key, v.feed) AS upto
  FROM voucher v JOIN number n ON n.party = v.party AND n.no = v.for_no
  WHERE v.kind = 'paid'
    AND NOT EXISTS (SELECT 1 FROM owing o WHERE o.party = v.party AND o.case_no = n.case_no AND o.kind = v.item)),
room AS (  -- how much of what names no item each item takes, one after the other
  SELECT o.party, o.case_no, o.id, o.rank, greatest(coalesce(o.owed, 0) - coalesce(sum(n.amount_fen), 0), 0) AS takes
  FROM owing o LEFT JOIN named n ON n.party = o.party AND n.id = o.id
  GROUP BY o.party, o.case_no, o.id, o.rank, o.owed),
span AS (
  SELECT r.*, coalesce(sum(takes) OVER (PARTITION BY party, case_no ORDER BY rank, id
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS from_
  FROM room r),
share AS (
  SELECT party, id, feed, key, "on", amount_fen AS fen FROM named
  UNION ALL
  SELECT s.party, s.id, u.feed, u.key, u."on",
         least(u.upto, s.from_ + s.takes) - greatest(u.upto - u.amount_fen, s.from_)
  FROM span s JOIN unnamed u ON u.party = s.party AND u.case_no = s.case_no
  WHERE least(u.upto, s.from_ + s.takes) > greatest(u.upto - u.amount_fen, s.from_)),
by_others AS (
  SELECT o.party, o.id, sum(j.paid_fen) AS fen, max(j.last_on) AS last_on FROM owing o
  JOIN JointPaid j ON j.party = o.party AND j.case_no = o.case_no AND j.kind = o.kind
  WHERE o.joint GROUP BY ALL),
running AS (
  SELECT party, id, "on", sum(fen) OVER (PARTITION BY party, id ORDER BY "on" RANGE UNBOUNDED PRECEDING) AS upto
  FROM share),
account AS (
  SELECT o.*, greatest(o.owed - coalesce((SELECT sum(s.fen) FROM share s WHERE s.party = o.party AND s.id = o.id), 0)
                       - coalesce(b.fen, 0), 0) AS left_fen,
         CASE WHEN o.owed IS NULL THEN NULL WHEN b.fen >= o.owed THEN b.last_on
              ELSE (SELECT min(greatest(r."on", coalesce(b.last_on, r."on"))) FROM running r
                    WHERE r.party = o.party AND r.id = o.id AND r.upto + coalesce(b.fen, 0) >= o.owed) END AS paid_on
  FROM owing o LEFT JOIN by_others b ON b.party = o.party AND b.id = o.id),

-- ---- what ends every duty

retried AS (
  SELECT a.party, a.id FROM account a JOIN Judgment j ON j.party = a.party AND j.replaces = a.case_no
  WHERE j.effective_on IS NOT NULL),
estate AS (  -- whatever is found from the death on
  SELECT DISTINCT b.party FROM Holding h JOIN believed b ON b.party = h.owner
  WHERE coalesce(h.until, b.died_on) >= b.died_on),

-- ---- handing over

step AS (
  SELECT DISTINCT a.party, a.id, c.step, c."on" FROM CaseStep c
  JOIN number n ON n.party = c.party AND n.no = c.case_no
  JOIN account a ON a.party = n.party AND a.case_no = n.case_no
  WHERE c."on" >= a.effective_on
    AND NOT EXISTS (SELECT 1 FROM owing o WHERE o.party = a.party AND o.case_no = a.case_no AND o.id <> a.id
                    AND o.item_no <> '' AND o.item_no = c.doc_no)),
execution AS (
  SELECT a.party, a.id, e.case_no AS no, e.key, e.filed_on,
         CASE WHEN coalesce(e.closing, '') <> '恢复' THEN e.closed_on END AS closed_on FROM Execution e
  JOIN account a ON a.party = e.debtor AND a.case_no = e.base_no),
handed AS (
  SELECT a.*, (SELECT min(s."on") FROM step s WHERE s.party = a.party AND s.id = a.id
               AND s.step = 'handed_to_filing') AS handed_on,
         least((SELECT min(s."on") FROM step s WHERE s.party = a.party AND s.id = a.id AND s.step = 'execution_filed'),
               (SELECT min(e.filed_on) FROM execution e WHERE e.party = a.party AND e.id = a.id)) AS filed_on
  FROM account a),

clock AS (
  SELECT 'transfer' AS rule, id || '/transfer' AS obligation, party, id, case_no, effective_on AS since,
         payable_on AS start, CASE WHEN src_region LIKE '51%' AND effective_on >= DATE '2014-11-06' THEN 7 ELSE 30 END AS days,
         0 AS months, least(handed_on, filed_on, paid_on) AS done, false AS legal, CAST(NULL AS VARCHAR) AS no
  FROM handed WHERE payable_on IS NOT NULL
  UNION ALL
  SELECT 'filing', id || '/filing', party, id, case_no, handed_on, handed_on, 7, 0, least(filed_on, paid_on), true, CAST(NULL AS VARCHAR)
  FROM handed WHERE handed_on >= DATE '2014-11-06'
  UNION ALL
  SELECT 'execution', CASE WHEN number = 1 THEN id || '/execution' ELSE id || '/execution/' || key END,
         party, id, case_no, filed_on, filed_on, 0, 6, least(closed_on, CASE WHEN paid_on >= filed_on THEN paid_on END),
         true, no
  FROM (
    SELECT h.party, h.id, h.case_no, e.filed_on, h.paid_on, e.no, e.key, row_number() OVER (
             PARTITION BY h.party, h.id ORDER BY e.filed_on, e.no) AS number,
           coalesce(e.closed_on, (SELECT min(s."on") FROM step s WHERE s.party = h.party AND s.id = h.id
                               AND s.step = 'execution_closed' AND s."on" >= e.filed_on)) AS closed_on
    FROM handed h JOIN execution e ON e.party = h.party AND e.id = h.id
    UNION ALL
    SELECT h.party, h.id, h.case_no, h.filed_on, h.paid_on, CAST(NULL AS VARCHAR), '', 1,
           (SELECT min(s."on") FROM step s WHERE s.party = h.party AND s.id = h.id
            AND s.step = 'execution_closed' AND s."on" >= h.filed_on)
    FROM handed h WHERE h.filed_on IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM execution e WHERE e.party = h.party AND e.id = h.id))
  WHERE filed_on >= DATE '2014-11-06'),

ticking AS (  -- the days of a term: not those of relief or of a stay
  SELECT k.party, k.obligation, c.day, c.works, row_number() OVER (PARTITION BY k.party, k.obligation ORDER BY c.day) AS number
  FROM clock k JOIN calendar c ON c.day > k.start AND c.day < k.start + 1200
  WHERE NOT EXISTS (SELECT 1 FROM Pause p WHERE p.party = k.party AND (
                      p.case_no = k.case_no AND p.ground = 'relief'
                      OR p.case_no IN (k.case_no, coalesce(k.no, '')) AND p.ground = 'suspension'
                         AND k.rule = 'execution' AND p.since >= k.start)
                    AND c.day BETWEEN p.since AND coalesce(p.until, DATE '9999-12-31'))),
plain AS (
  SELECT k.*, (SELECT min(t.day) FROM ticking t WHERE t.party = k.party AND t.obligation = k.obligation AND t.works
               AND t.number >= CASE WHEN k.months = 0 THEN k.days
                                    ELSE date_diff('day', k.start, months_later(k.start, k.months)) END) AS due
  FROM clock k),
longer AS (  -- extended before it was over
  SELECT p.*, greatest(p.due, coalesce((
           SELECT max(c.until) FROM CaseStep c WHERE c.party = p.party AND c.step = 'extended' AND p.rule = 'execution'
           AND c.case_no IN (p.case_no, coalesce(p.no, '')) AND c."on" BETWEEN p.start AND p.due
           AND NOT EXISTS (SELECT 1 FROM owing o WHERE o.party = p.party AND o.case_no = p.case_no AND o.id <> p.id
                           AND o.item_no <> '' AND o.item_no = c.doc_no)), p.due)) AS last
  FROM plain p),

-- ---- the treasury: first in, first out

received AS (
  SELECT a.party, a.case_no, s.key, s."on", sum(s.fen) AS fen
  FROM share s JOIN account a ON a.party = s.party AND a.id = s.id
  WHERE a.kind IN ('fine', 'confiscation')
  GROUP BY ALL),
passed AS (
  SELECT r.*, rolled(r."on" + 30) AS due,
         sum(r.fen) OVER (PARTITION BY r.party, r.case_no ORDER BY r."on", r.key) AS upto,
         coalesce((SELECT sum(v.amount_fen) FROM voucher v WHERE v.party = r.party AND v.kind = 'treasury' AND (
             EXISTS (SELECT 1 FROM number n WHERE n.party = r.party AND n.case_no = r.case_no AND n.no = v.for_no)
             OR EXISTS (SELECT 1 FROM owing o WHERE o.party = r.party AND o.case_no = r.case_no
                        AND o.item_no <> '' AND o.item_no = v.for_no))), 0) AS on_
  FROM received r)

SELECT l.party, l.rule, l.obligation, CASE WHEN done IS NULL THEN 'holds' ELSE 'cured' END AS status,
       coalesce(a.left_fen, 0) AS amount_fen, last AS due
FROM longer l JOIN account a ON a.party = l.party AND a.id = l.id
WHERE NOT EXISTS (SELECT 1 FROM retried r WHERE r.party = l.party AND r.id = l.id)
  AND coalesce(a.owed, 1) > 0
  AND NOT coalesce(a.paid_on <= a.payable_on, false)
  AND NOT EXISTS (SELECT 1 FROM believed b WHERE b.party = l.party AND b.died_on <= l.last
                  AND NOT EXISTS (SELECT 1 FROM estate e WHERE e.party = b.party))
  AND CASE WHEN done IS NOT NULL THEN legal AND done > last
      ELSE over(last) AND is_complete('Receipt', 'kind', 'paid', a.effective_on, l.last) AND CASE rule
           WHEN 'execution' THEN is_complete('Execution', 'court', '', l.since, l.last)
             AND is_complete('CaseStep', 'step', 'execution_closed', l.since, l.last)
           WHEN 'filing' THEN is_complete('Execution', 'court', '', l.since, l.last)
             AND is_complete('CaseStep', 'step', 'execution_filed', l.since, l.last)
           ELSE is_complete('CaseStep', 'step', 'handed_to_filing', l.since, l.last) END END
UNION ALL
SELECT p.party, 'treasury', p.key || '/treasury', 'holds', p.fen, p.due
FROM passed p
WHERE p.upto > p.on_ AND over(p.due) AND is_complete('Receipt', 'kind', 'treasury', p."on", p.due)
