-- Replays a file of form bodies, one a line: wrk -s replay.lua URL -- FILE THREADS. Each thread takes every THREADS-th line.
-- A round is void when a thread runs out of lines or when anything but 2xx came back.
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(args)
  local file, total = args[1], tonumber(args[2])
  bodies, next_body, exhausted = {}, 0, 0
  local line_number = 0
  for line in io.lines(file) do
    if line_number % total == number then
      bodies[#bodies + 1] = line
    end
    line_number = line_number + 1
  end
  headers = { ["Content-Type"] = "application/x-www-form-urlencoded" }
end

function request()
  next_body = next_body + 1
  if next_body > #bodies then
    exhausted = 1
    next_body = 1
  end
  return wrk.format("POST", "/", headers, bodies[next_body])
end

function done(summary, latency, requests)
  local ran_out = 0
  for _, thread in ipairs(threads) do
    ran_out = ran_out + thread:get("exhausted")
  end
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  local seconds = summary.duration / 1000000
  io.write(string.format("round\t%s\t%.0f\t%d\t%.2f\t%.2f\t%d\t%d\n",
    (ran_out == 0 and failed == 0) and "ok" or "void",
    summary.requests / seconds, summary.requests,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, ran_out, failed))
end
