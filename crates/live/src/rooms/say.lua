-- Passes something on that was said in a room, and keeps it for nodes that are away for a moment. What is known already is
-- not passed on twice.
--
-- KEYS[1]: the room's stream. KEYS[2]: a hash: the last number of each node. ARGV[1]: the node. ARGV[2]: the number.
-- ARGV[3]: the room's channel. ARGV[4]: what was said. ARGV[5]: how long it is kept, in ms. ARGV[6]: how many are kept.
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
if tonumber(ARGV[2]) <= last then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[6], '*', 's', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
-- Numbers are known for longer than what was said, so that nobody takes a beginning for a gap.
redis.call('PEXPIRE', KEYS[2], 3600000)
redis.call('PUBLISH', ARGV[3], 's' .. ARGV[4])
return 1
