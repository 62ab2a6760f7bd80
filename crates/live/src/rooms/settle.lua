-- Who is in a room: the same rule as `Roster::settle` in roster.rs, in one step that nothing comes between. By the clock of
-- this server, so that the clocks of the nodes do not matter.
--
-- KEYS[1]: the room, a hash of seats (`node socket`) and people. KEYS[2]: its version, newer ones greater. KEYS[3]: since
-- when there are leases. ARGV[1]: the node that asks. ARGV[2]: the beginning of the names of leases. ARGV[3]: how long its
-- lease is, in ms. ARGV[4]: how many may be in the room. ARGV[5]: the channel of the room. ARGV[6]: the socket that wants to
-- come in now, or nothing. ARGV[7]: how long newcomers wait after leases began, in ms. ARGV[8...]: the node's sockets in the
-- room, and who they are, in turn.
--
-- Gives for how much longer newcomers wait, in ms; the version; and all seats and people, in turn.
local room, version, began = KEYS[1], KEYS[2], KEYS[3]
local node, leases = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- Leases that are gone with the memory of this server come back one by one. Until they are here, nobody new is let in.
redis.call('SET', leases .. node, '1', 'PX', ARGV[3])
redis.call('SET', began, string.format('%.0f', now), 'NX')
local wait = math.ceil((tonumber(redis.call('GET', began)) + tonumber(ARGV[7]) * 1000 - now) / 1000)
if wait < 0 then wait = 0 end

local here = {}
for index = 8, #ARGV, 2 do here[ARGV[index]] = true end
local lives = { [node] = true }
local has_changed = false
local count = 0
for _, seat in ipairs(redis.call('HKEYS', room)) do
  local at, socket = string.match(seat, '^(%S+) (%S+)$')
  if lives[at] == nil then lives[at] = redis.call('EXISTS', leases .. at) == 1 end
  if not lives[at] or (at == node and not here[socket]) then
    redis.call('HDEL', room, seat)
    has_changed = true
  else
    count = count + 1
  end
end

for index = 8, #ARGV, 2 do
  local seat = node .. ' ' .. ARGV[index]
  local must_wait = wait > 0 and ARGV[index] == ARGV[6]
  if count < tonumber(ARGV[4]) and not must_wait and redis.call('HSETNX', room, seat, ARGV[index + 1]) == 1 then
    count = count + 1
    has_changed = true
  end
end

local day = 86400000
local number = tonumber(redis.call('GET', version) or '0')
if has_changed then number = math.max(number + 1, now) end
redis.call('SET', version, string.format('%.0f', number), 'PX', day)
redis.call('PEXPIRE', room, day)
local seats = redis.call('HGETALL', room)
if has_changed then
  redis.call('PUBLISH', ARGV[5], 'r' .. cjson.encode({ wait, string.format('%.0f', number), seats }))
end
return { wait, string.format('%.0f', number), seats }
