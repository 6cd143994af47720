# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench rfc2889: the tests of RFC 2889 for LAN switches. To be sourced by scripts/bench.
#
# -T chooses among them:
# mesh, one-to-many, many-to-one   throughput as in rfc2544.sh; forwarding rate at maximum offered
#               load ("max load"), which is as many frames as the generator can send; maximum
#               forwarding rate, of loads from 70 % to 140 % of that (5.1, 5.2)
# congestion    four ports at the speed of a link, a quarter of what the switch forwards: port 0
#               sends to 2 and 3, port 1 to 3. There is head-of-line blocking if frames for port 2
#               are lost, and backpressure if the senders were refused (5.5). The same with a port 3
#               that reads nothing at all, and, to compare, with one that is fast enough.
# pressure      a port sends 10 % more than the link of the other one takes: what is refused and
#               what is lost. No MAC makes the switch send faster than a link; so whether it would
#               shorten the gaps between frames cannot be seen here (5.6)
# caching       how many of so many addresses as -s and the configuration of the switch say are
#               known, in steps of an eighth; random addresses, sequential, of one OUI, and 4096
#               apart (5.7)
# learning      the highest rate at which 10,000 new addresses are all learned (5.8)
# errored       frames that are too short or too long, or whose source cannot be one. FCS, alignment
#               and dribble errors do not exist between these ports (5.9)
# broadcast     throughput and latency of broadcasts from one port to all others (5.10)

readonly RFC2889_TESTS="mesh one-to-many many-to-one congestion pressure caching learning errored \
broadcast"

# rfc2889_TEST: with what "alternate" does it.

rfc2889_pattern() { # PATTERN
	patterns=$1 ports=${ports:-8} sizes=${sizes:-64} stations=${stations:-1000}
	alternate with_options --test forwarding
}

rfc2889_mesh() { rfc2889_pattern mesh; }
rfc2889_one-to-many() { rfc2889_pattern one-to-many; }
rfc2889_many-to-one() { rfc2889_pattern many-to-one; }

rfc2889_congestion() {
	ports=4 patterns=congestion sizes=${sizes:-64} stations=${stations:-4}
	alternate with_options --test congestion
}

rfc2889_pressure() {
	ports=2 patterns=pair sizes=${sizes:-64} stations=${stations:-2}
	alternate with_options --test pressure
}

rfc2889_caching() {
	local kind

	ports=3 patterns=mesh sizes=64 stations=${stations:-16384,131072}
	for kind in random sequential oui stride; do
		alternate with_options --test caching --addresses $kind
	done
}

rfc2889_learning() {
	ports=3 patterns=mesh sizes=64 stations=524288 # room for all trials
	alternate with_options --test learning --stations 10000
}

rfc2889_errored() {
	ports=2 patterns=pair sizes=64 stations=2
	alternate with_options --test errored
}

rfc2889_broadcast() {
	ports=${ports:-8} patterns=mesh sizes=${sizes:-64} stations=8
	alternate with_options --test broadcast
}

with_options() { # OPTION… SWITCH ROUND
	local -a options=("${@:1:$#-2}")

	run_switch "${@: -2}" "${options[@]}"
}

print_rfc2889() { # SUMMARY
	local test

	for test in $(jq -r '[.summary[].test] | unique[]' "$1"); do
		jq --arg test "$test" '.summary |= map(select(.test == $test))' "$1" >"$dir/part"
		say "RFC 2889: $test"
		"print_$test" "$dir/part"
		say
	done
}

print_forwarding() {
	print_table "$1" 2,5 '"ports|pattern|size|stations|switch|0.001 %|no loss|max load|" +
		"max rate|ratio|p99 at 50 %",
	(.summary[] | [.ports, .pattern, .size, .stations, .switch, (.mpps | fixed(2)),
		(.zero_loss | fixed(2)), (.max_load | fixed(2)), (.max_rate | fixed(2)),
		(.ratio | fixed(3)),
		(.latency_50.p99? | fixed(1)) + " us"] | rows)'
}

print_congestion() {
	print_table "$1" 3,4 '"size|stations|switch|port 3|link Mpps|lost for port 2|" +
		"lost for port 3|refused",
	(.summary[] | . as $run | ["free", "congested", "stopped"][] | . as $case | $run[$case] |
		[$run.size, $run.stations, $run.switch, $case, ($run.link | fixed(2)),
		(.uncongested_lost * 100 | fixed(3)) + " %",
		(.congested_lost * 100 | fixed(1)) + " %", (.refused * 100 | fixed(1)) + " %"] |
		rows)'
}

print_pressure() {
	print_table "$1" 3 '"size|stations|switch|link Mpps|offered|forwarded|refused|lost",
	(.summary[] | [.size, .stations, .switch, (.link | fixed(2)), (.offered | fixed(2)),
		(.forwarded | fixed(2)), (.refused * 100 | fixed(1)) + " %",
		(.lost * 100 | fixed(1)) + " %"] | rows)'
}

print_caching() {
	print_table "$1" 1,3 '"addresses|asked for|switch|known|of so many|then known",
	(.summary[] | [.addresses, .stations, .switch, .capacity, .shown, .kept] | rows)'
}

print_learning() {
	print_table "$1" 2 '"addresses|switch|a second",
	(.summary[] | [.stations, .switch, (.rate | fixed(0))] | rows)'
}

print_errored() {
	print_table "$1" 1,2 '"switch|error|sent|forwarded",
	(.summary[] | . as $run | to_entries[] | select(.value | type == "object") |
		[$run.switch, .key, .value.sent, .value.forwarded] | rows)'
}

print_broadcast() {
	print_table "$1" 3 '"ports|size|switch|0.001 %|max load|copies|ratio|p50 at 50 %|p99|max",
	(.summary[] | [.ports, .size, .switch, (.mpps | fixed(3)), (.max_load | fixed(3)), .copies,
		(.ratio | fixed(3)), (.latency_50 | .p50?, .p99?, .max? | fixed(1) + " us")] |
		rows)'
}

one_of_rfc2889() { # TEST: what it sets is for itself
	local ports=$ports patterns=$patterns sizes=$sizes stations=$stations

	"rfc2889_$1"
}

bench_rfc2889() {
	local test

	be_patient 150
	for test in ${tests//,/ }; do
		[[ " $RFC2889_TESTS " == *" $test "* ]] || die "there is no test $test in RFC 2889"
		one_of_rfc2889 "$test"
	done >"$dir/runs"
	summarize "$TRIALS_SUMMARY" <"$dir/runs" >"$dir/summary"
	report rfc2889 "$dir/summary" print_rfc2889
}
tests=${RFC2889_TESTS// /,}
