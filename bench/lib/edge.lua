-- For wrk: the same small request again and again, with the token of one person after the other when there are any.
--
--     wrk -s edge.lua URL -- PAUSE [TOKENS]
--
-- PAUSE is how many milliseconds each connection waits after an answer; TOKENS is a file with a token on each line.

function init(args)
  requests, turn = {}, 0
  local pause = tonumber(args[1])
  if pause > 0 then
    function delay() return pause end
  end
  if args[2] then
    for token in io.lines(args[2]) do
      requests[#requests + 1] = wrk.format("GET", "/", { ["Authorization"] = "Bearer " .. token })
    end
  else
    requests[1] = wrk.format("GET", "/")
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "broken": %d, "wrong": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
