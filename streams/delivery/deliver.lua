-- Applies one transition of an alert, or drops it as a repeat, or refuses it.
--
-- KEYS 1 alert hash, 2 ledger hash, 3 stream of all alerts, 4 stream of the supervised agency ('': none)
-- ARGV 1 prefix, 2 ledger partition, 3 offset in it, 4 id, 5 revision, 6 digest, 7 previous digest,
--      8 open (1/0), 9 model, 10 region, 11 raised ms, 12 alert as it now stands (JSON), 13 channel,
--      14 ledger offset up to which everything must have been delivered
-- Returns 1 applied, 0 repeat; with nothing written: -1 a revision before it is missing, -2 it
-- contradicts what is here, -3 the ledger before it is not here.
local alert, ledger = KEYS[1], KEYS[2]
local prefix, id, revision, offset = ARGV[1], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[3])
local reached = tonumber(redis.call('HGET', ledger, ARGV[2]) or '0')

-- A Redis that lost its memory between two transitions must not look as if it had the first.
if reached < tonumber(ARGV[14]) then return -3 end

local known = redis.call('HMGET', alert, 'revision', 'digest', 'model', 'region', 'streams')
local last = tonumber(known[1] or '0')

local function passed(result)
  if offset >= reached then redis.call('HSET', ledger, ARGV[2], offset + 1) end
  return result
end

if revision <= last then
  if revision == last and known[2] ~= ARGV[6] then return -2 end
  return passed(0)
end
if revision > last + 1 then return -1 end
if last > 0 and known[2] ~= ARGV[7] then return -2 end

if known[3] then
  redis.call('ZREM', prefix .. ':open:model:' .. known[3], id)
  redis.call('ZREM', prefix .. ':open:region:' .. known[4], id)
end
if ARGV[8] == '1' then
  redis.call('ZADD', prefix .. ':open:model:' .. ARGV[9], ARGV[11], id)
  redis.call('ZADD', prefix .. ':open:region:' .. ARGV[10], ARGV[11], id)
end

-- Whoever got one revision gets all later ones, whatever agency the alert is against by then.
local streams, seen = {}, {}
local function to(stream)
  if stream ~= '' and not seen[stream] then
    seen[stream] = true
    streams[#streams + 1] = stream
  end
end
to(KEYS[3])
to(KEYS[4])
for stream in string.gmatch(known[5] or '', '[^\n]+') do to(stream) end
for _, stream in ipairs(streams) do
  redis.call('XADD', stream, '*', 'alert', id, 'revision', ARGV[5], 'transition', ARGV[12])
end

redis.call('HSET', alert, 'revision', ARGV[5], 'digest', ARGV[6], 'model', ARGV[9],
  'region', ARGV[10], 'open', ARGV[8], 'raised_ms', ARGV[11],
  'streams', table.concat(streams, '\n'), 'transition', ARGV[12])
redis.call('PUBLISH', ARGV[13], ARGV[12])
return passed(1)
