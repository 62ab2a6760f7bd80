-- The same rule as `decide` in gcra.rs, in one step that nothing comes between. It counts by the clock of this server,
-- so that the clocks of the nodes do not matter. All numbers are whole microseconds below 2^53, which are exact here.
--
-- KEYS[1]: the count.  ARGV[1]: interval.  ARGV[2]: refill (interval times burst).
-- Gives the TAT that was found, zero for none, and the time. Whoever asked decides by them once more, for the details.
local interval, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = tonumber(redis.call('GET', KEYS[1])) or 0

local latest = now + refill
local tat = math.max(found, now)
if found > latest then tat = now end
local after = tat + interval
if after <= latest then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
return { found, now }
