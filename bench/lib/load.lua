-- For wrk: sends the requests of a plan in turn and checks every answer.
--
--     wrk -s load.lua URL -- PLAN PATTERN PAUSE [once]
--
-- Each line of the plan is one request: method, path, the client's address, cookie, body and what the answer must name,
-- separated by tabs. PATTERN finds in an answer what it names. Each connection waits PAUSE milliseconds before each
-- request. With `once`, the run ends early when all requests are sent, and each answer must set a cookie.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  requests, names, turn, wrong, complaint = {}, {}, 0, 0, ""
  pattern, once, spent = args[2], args[4] == "once", false
  for line in io.lines(args[1]) do
    local method, path, address, cookie, body, name = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.-)\t(.-)$")
    local headers = { ["X-Forwarded-For"] = address }
    if cookie ~= "" then headers["Cookie"] = cookie end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
    names[name] = true
  end
  local pause = tonumber(args[3])
  if pause > 0 then
    delay = function() return pause end
  end
end

function request()
  if once and turn == #requests then
    spent = true
    wrk.thread:stop()
  else
    turn = turn % #requests + 1
  end
  return requests[turn]
end

function response(status, headers, body)
  -- What is sent after the last request of a plan is a repetition, of which nothing is known.
  if spent then return end
  local cookie = not once or headers["set-cookie"]
  if status == 200 and cookie and names[body:match(pattern) or ""] then return end
  wrong = wrong + 1
  complaint = status .. " " .. body:sub(1, 200):gsub("[%c\"\\]", " ")
end

function done(summary, latency, requests)
  local wrong, complaint = 0, ""
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrong")
    complaint = thread:get("complaint")
  end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "broken": %d, "wrong": %d, "complaint": "%s"}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.timeout, wrong, complaint))
end
