-- For wrk: sends the requests of a plan in turn and checks every answer.
--
--     wrk -s load.lua URL -- PLAN [PAUSE]
--
-- Each line of the plan is one request: method, path, cookie, body and the e-mail address that the answer must name,
-- separated by tabs. With PAUSE, each connection waits so many milliseconds before each request.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  requests, users, turn, wrong, complaint = {}, {}, 0, 0, ""
  for line in io.lines(args[1]) do
    local method, path, cookie, body, email = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.-)$")
    local headers = {}
    if cookie ~= "" then headers["Cookie"] = cookie end
    if body ~= "" then headers["Content-Type"] = "application/json" end
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
    users[email] = true
  end
  local pause = tonumber(args[2])
  if pause then
    delay = function() return pause end
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function response(status, headers, body)
  if status == 200 and users[body:match('"email":"([^"]+)"') or ""] then return end
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
