-- SPDX-License-Identifier: BSD-3-Clause
-- What Pktgen-DPDK does for scripts/bench pktgen, which writes the variables used here before it:
-- n_ports, seconds, warmup, result. Written for Pktgen-DPDK 26.02 (portStats with one argument).

local ports = "0-" .. (n_ports - 1)
local PAUSE = 500 -- milliseconds, for what is still on its way
local STEPS = 10  -- of the search: to a thousandth of the link

local function sum(field)
	local stats = pktgen.portStats(ports)
	local total = 0

	for port = 0, n_ports - 1 do
		total = total + stats[port].curr[field]
	end
	return total
end

-- Send at a rate, in per cent of the link's speed. Returns what was sent and what came back.
local function trial(rate, duration)
	local sent, received = sum("opackets"), sum("ipackets")

	pktgen.set(ports, "rate", rate)
	pktgen.start(ports)
	pktgen.delay(math.floor(duration * 1000))
	pktgen.stop(ports)
	pktgen.delay(PAUSE)
	return sum("opackets") - sent, sum("ipackets") - received
end

-- RFC 2544, 26.1: the highest rate at which not more than "loss" of all frames are lost.
local function throughput(loss)
	local low, high, best = 0, 100, 0

	for _ = 1, STEPS do
		local rate = (low + high) / 2
		local sent, received = trial(rate, seconds)

		if sent - received <= loss * sent then
			low, best = rate, sent / seconds
		else
			high = rate
		end
	end
	return best, low
end

pktgen.screen("off")
pktgen.pcap(ports, "on")
pktgen.set(ports, "count", 0)
trial(1, 1)
trial(100, warmup)

local sent, received = trial(100, seconds)
local best, rate = throughput(1e-5)
local file = io.open(result, "w")

file:write(string.format('{"seconds": %.3f, "tx": %d, "rx": %d, "mpps": %.4f, "lost": %d, ' ..
	'"throughput": %.4f, "throughput_percent": %.2f}\n', seconds, sent, received,
	received / seconds / 1e6, sent - received, best / 1e6, rate))
file:close()
pktgen.quit()
