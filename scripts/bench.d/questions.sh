# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# scripts/bench questions: what questions for random addresses cost those who have nothing to do
# with them. To be sourced by scripts/bench.
#
# Four memif ports in a LAN with all rules of an exchange, proxy and sponge, known unicast between
# p0 and p1, as fast as it goes. p3 asks a thousand times a second for the others' addresses, by ARP
# and neighbour solicitations in turn, and does nothing else, so that no answer finds its ring full.
# In the case "many", p2 asks a hundred thousand times a second for any address of the /20 and of
# the /64; in the case "none" it is silent. Cases take turns. Compared is what p0 and p1 get; and
# each question of p3 is to be answered, in either case: "missing" are those that were not.

readonly QUESTIONS=100000

questions_port() { # PORT
	local mac

	mac=$(awk -v port="$1" '$1 == port { print $2 }' "$dir/macs")
	printf '      bench: {macs: ["%s"], ips: [198.18.0.%u, "2001:db8:1::%x"]}\n' "$mac" \
		$(($1 + 1)) $(($1 + 1))
}

questions_config() {
	generator --macs >"$dir/macs"
	ixfab_config questions_port <<-EOF
	    profile: exchange
	    prefixes: [198.18.0.0/20, "2001:db8:1::/64"]
	    neighbours: proxy
	    sponge:
	      mode: fast
	      addresses: [198.18.15.250, "2001:db8:1::fffe"]
	      learning: 0
	EOF
}

run_questions() { # CASE ROUND: one line of JSON in $dir/run
	local rate=0

	[ "$1" = none ] || rate=$QUESTIONS
	begin_run
	questions_config >"$dir/ixfab.yaml"
	ixfab_start
	wait_for "the fabric" sockets_exist
	generate_somehow --test questions --questions "$rate" --warmup "$warmup" \
		--seconds "$seconds"
	storm_ask -j show drops >"$dir/drops"
	end_run "$dir/generator.out" --arg case "$1" --argjson round "$2"
	jq -c --slurpfile drops "$dir/drops" '
	def dropped($ports; $reason): [$drops[0].drops[] | select(.reason == $reason and
		(.port as $p | $ports | index($p))) | .frames] | add // 0;
	. + {missing: (.asked[3] - .answered[3]),
	lost: dropped(["p0", "p1"]; "no_buffer_space"),
	refused: (dropped(["p2"]; "question_budget") +
		dropped(["p2"]; "question_unknown_budget"))}' "$dir/run" >"$dir/run.new"
	mv "$dir/run.new" "$dir/run"
}

alternate_questions() {
	local round case
	local -a cases=(none many)

	for ((round = 1; round <= rounds; round++)); do
		for case in "${cases[@]}"; do
			quietly run_questions "$case" "$round"
			jq -r '"\(.case): \(.known) Mpps of known unicast, \(.missing) answers " +
				"missing, worker \(.worker * 100 | round) %"' "$dir/run" >&2
		done
		cases=("${cases[1]}" "${cases[0]}")
	done
}

summarize_questions() {
	jq -L "$root/scripts/bench.d" -s --arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" \
		'include "bench"; mark_disturbed as $runs | $runs |
	compare_cases("many"; "none"; .known) + {
	machine: {cpu: $cpu, kernel: $kernel}, size: $runs[0].size, runs: $runs,
	summary: [$runs | group_by(.case)[] | {case: .[0].case, known: (map(.known) | median),
		least: (map(.known) | min), most: (map(.known) | max),
		asked: (map(.asked[2]) | median), told: (map(.answered[2]) | median),
		refused: (map(.refused) | median), p3: (map(.asked[3]) | add),
		missing: (map(.missing) | add), lost: (map(.lost) | add),
		blocked: (map(.blocked) | min), worker: (map(.worker) | min),
		stolen: (map(.stolen) | max)}] | reverse}'
}

print_questions() { # SUMMARY
	print_table "$1" 1 '"p2 asks|known Mpps|least|most|asked by p2|answered|refused|" +
		"asked by p3|missing|lost|blocked|worker|stolen",
	(.summary[] | [.case, (.known | fixed(2)), (.least | fixed(2)), (.most | fixed(2)),
		.asked, .told, .refused, .p3, .missing, .lost, (.blocked | percent),
		(.worker | percent), (.stolen | percent)] | rows)'
	jq -r '"\nmany / none: \(.ratio * 1000 | round / 1000), " +
		"of \(.pairs) undisturbed pairs in \(.rounds)"' "$1"
}

bench_questions() {
	transport=memif n_ports=4 n_stations=4
	size=${sizes:-128}
	be_patient 1
	alternate_questions >"$dir/runs"
	summarize_questions <"$dir/runs" >"$dir/summary"
	report questions "$dir/summary" print_questions
}
