-- SPDX-License-Identifier: BSD-3-Clause
-- What Pktgen-DPDK does for scripts/bench pktgen, which writes the variables used here before it:
-- n_ports, seconds, warmup, result.

local ports = "0-" .. (n_ports - 1)
local BURST = 32   -- frames that a port sends at once
local STEPS = 10   -- of the search
local TRIES = 2    -- at each of them: the machine may have been busy with something else
local QUIET = 1500 -- milliseconds; Pktgen looks at the counters of its ports once a second

-- In release 26.02, where this has not been run, portStats has one argument and "curr".
local function counters()
	local old, stats = pcall(pktgen.portStats, ports, "port")
	local sum = {sent = 0, received = 0}

	stats = old and stats or pktgen.portStats(ports)
	for port = 0, n_ports - 1 do
		local counter = stats[port].curr or stats[port]

		sum.sent = sum.sent + counter.opackets
		sum.received = sum.received + counter.ipackets
	end
	return sum
end

-- When nothing is on its way any more, and Pktgen has seen that.
local function quiet_counters()
	local last, still = counters(), 0

	while still < QUIET do
		pktgen.delay(100)
		local now = counters()
		local moved = now.sent ~= last.sent or now.received ~= last.received

		still = moved and 0 or still + 100
		last = now
	end
	return last
end

local function uptime() -- seconds, to a hundredth
	local file = assert(io.open("/proc/uptime"))
	local now = file:read("n")

	file:close()
	return now
end

-- Send for a while, a burst of each port every "interval" nanoseconds, or as fast as it goes.
local function trial(interval, duration)
	local before = quiet_counters()

	pktgen.set(ports, "cycles", math.floor(interval)) -- of its clock
	local start = uptime()
	pktgen.start(ports)
	pktgen.delay(math.floor(duration * 1000))
	pktgen.stop(ports)
	local took = uptime() - start
	local after = quiet_counters()

	return {sent = after.sent - before.sent, received = after.received - before.received,
		seconds = took}
end

-- What goes through at an interval, or nil if more than "loss" of it is lost.
local function rate_without(loss, interval)
	for _ = 1, TRIES do
		local t = trial(interval, seconds)

		if t.sent - t.received <= loss * t.sent then
			return t.received / t.seconds
		end
	end
end

-- From the rate of a trial without intervals down to about a tenth of it; 0 if that is too much.
local function throughput(full, loss)
	local bad, good = 0, 10e9 * BURST * n_ports * full.seconds / full.sent
	local best = rate_without(loss, bad)

	if best then
		return best
	end
	for _ = 1, STEPS do
		local interval = (bad + good) / 2
		local rate = rate_without(loss, interval)

		if rate then
			good, best = interval, rate
		else
			bad = interval
		end
	end
	return best or 0
end

local function measure()
	pktgen.screen("off")
	pktgen.pcap(ports, "on")
	pktgen.set(ports, "count", 0)
	pktgen.set(ports, "burst", BURST)
	trial(1e6, 1) -- tells the switch who is where
	trial(0, warmup)

	local full = trial(0, seconds)
	assert(full.sent > 0, "nothing was sent")
	local best = throughput(full, 1e-5)
	local file = assert(io.open(result, "w"))

	file:write(string.format('{"seconds": %.2f, "tx": %d, "rx": %d, "offered": %.4f, ' ..
		'"mpps": %.4f, "lost": %d, "throughput": %.4f}\n', full.seconds, full.sent,
		full.received, full.sent / full.seconds / 1e6, full.received / full.seconds / 1e6,
		full.sent - full.received, best / 1e6))
	file:close()
end

local done, complaint = pcall(measure)

if not done then
	print(complaint)
end
pktgen.quit()
