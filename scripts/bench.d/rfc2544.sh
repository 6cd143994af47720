# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench rfc2544: throughput, latency, back-to-back frames and system recovery of RFC 2544.
# To be sourced by scripts/bench.
#
# A trial offers frames at a rate for as long as -t says (the RFC wants 60 s), on what behaves like
# a wire: frames that find no room in the ring to the switch are lost. Trials in which the machine
# took the generator away for so long that rings ran over, and frames were lost, are void, and done
# again; a rate that failed is tried once more, since the worker may have been away. There is no
# frame rate of a wire to start from: the search starts at 110 % of what the switch forwards of as
# many frames as the generator can send.
#
# throughput    the highest rate, to 1 %, at which not more than 0.001 % of all frames are lost, and
#               at which none is (26.1)
# latency       of all frames, which carry the time, at 50 % and 90 % of the throughput at 0.001 %
#               (26.2, but percentiles of all frames instead of a mean of tagged ones)
# back-to-back  the longest burst on all ports together that is not lost (26.4), median of 5; at
#               most two seconds of frames
# recovery      from the end of an overload of 110 % to the last frame that was lost (26.5), median
#               of 5
#
# frame loss    where the search starts and in steps of 10 % below it, until nothing is lost twice
#               (26.3): only in the JSON

print_rfc2544() { # SUMMARY
	print_table "$1" 2,5 'def us: if . then fixed(1) else "-" end;
	"ports|pattern|size|stations|switch|0.001 %|no loss|ratio|p50|p99|p99.9|max|p50|p99|" +
		"p99.9|max|back-to-back|recovery",
	"||||||Mpps|Mpps||at 50 %, us||||at 90 %, us||||frames|us"[1:],
	(.summary[] | [.ports, .pattern, .size, .stations, .switch, (.mpps | fixed(2)),
		(.zero_loss | fixed(2)), (.ratio | fixed(3)), (.latency_50 | .p50, .p99, .p999, .max
		| us), (.latency_90 | .p50, .p99, .p999, .max | us), .back_to_back,
		(.recovery | us)] | rows)'
}

run_rfc2544() { # SWITCH ROUND
	run_switch "$1" "$2" --test rfc2544
}

bench_rfc2544() {
	: "${ports:=2}" "${patterns:=pair}" "${sizes:=64,128,512,1518,imix}" "${stations:=2,1000}"
	be_patient 150
	alternate run_rfc2544 >"$dir/runs"
	summarize "$TRIALS_SUMMARY" <"$dir/runs" >"$dir/summary"
	report rfc2544 "$dir/summary" print_rfc2544
}

# The throughput and the 99th percentile at half of it are what is plotted.
readonly TRIALS_SUMMARY='medians + compare($runs; $reference; .mpps) +
	{runs: length, p99: (medians | .latency_50.p99?)}'
