# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# What comes out: a table for people, JSON for programs, plots. To be sourced by scripts/bench.

# Runs, a line of JSON each, to {machine, settings, runs, summary}: JQ makes the summary, of the
# runs as $runs and the name of the reference as $reference.
summarize() { # JQ
	jq -L "$root/scripts/bench.d" -s --arg reference "${switches%%,*}" \
		--arg cpu "$(cpu_model)" --arg kernel "$(uname -r)" --arg zero_copy "$zero_copy" \
		--argjson memory "$memory" --arg transport "$transport" 'include "bench";
	mark_disturbed as $runs | {
	machine: {cpu: $cpu, kernel: $kernel},
	settings: {transport: $transport, zero_copy: ($zero_copy == "yes"), memory_mib: $memory,
		seconds: ($runs[0].seconds // 0 | round), reference: $reference},
	runs: $runs,
	summary: [$runs | group_by(cell, .switch)[] | '"$1"']}'
}

# The table of a summary: JQ prints its rows, with "|" between the columns.
print_table() { # SUMMARY LEFT-ALIGNED-COLUMN,… JQ
	local rows columns

	jq -r '"\(.machine.cpu), Linux \(.machine.kernel)" + (.settings // {} |
		if .transport == "memif" then "; memif ports, generator zero-copy " +
			if .zero_copy then "yes" else "no" end
		elif .transport then "; \(.transport) ports" else "" end) + "\n"' "$1"
	rows=$(jq -L "$root/scripts/bench.d" -r "include \"bench\"; $3" "$1")
	columns=$(head -n 1 <<<"$rows" | awk -F'|' -v left=",$2," '{
		for (n = 1; n <= NF; n++)
			if (!index(left, "," n ","))
				list = list (list == "" ? "" : ",") n
		print list
	}')
	column -t -s '|' -R "$columns" <<<"$rows"
}

# Show a summary as it was asked for, and keep all forms of it where -o says.
report() { # KIND SUMMARY PRINTER
	if [ "$json" = yes ]; then
		cat "$2"
	else
		"$3" "$2"
	fi
	[ -n "$output" ] || return 0
	mkdir -p "$output"
	cp "$2" "$output/$1.json"
	"$3" "$2" >"$output/$1.txt"
	plot "$output/$1" "$2"
}

# Plots of what a summary has over more than one frame size or number of stations: one PNG for the
# throughput, one for the latency. A curve is all that is alike but the axis.
plot() { # PATH SUMMARY
	plot_value "$1-throughput.png" "$2" .mpps "Mpps"
	plot_value "$1-latency.png" "$2" .p99 "99th percentile of latency, us"
}

# "x<TAB>curve<TAB>value" for each point; the x are in the order of first appearance.
plot_points() { # SUMMARY AXIS VALUE
	jq -r --arg axis "$2" '.summary | (map([.ports, .pattern]) | unique | length > 1) as $many |
	(map(.[if $axis == "size" then "stations" else "size" end]) | unique | length > 1)
		as $others |
	sort_by(.[$axis])[] | select(.switch and '"$3"') |
	[.[$axis], .switch +
		(if $many then ", \(.ports) ports \(.pattern)" else "" end) +
		(if $others then if $axis == "size" then ", \(.stations) stations"
			else ", \(.size) octets" end else "" end),
	'"$3"'] | @tsv' "$1"
}

plot_value() { # FILE SUMMARY VALUE LABEL
	local axis
	local -a panels=()

	for axis in size stations; do
		plot_points "$2" $axis "$3" >"$dir/plot-$axis"
		[ "$(cut -f 1 "$dir/plot-$axis" | sort -u | wc -l)" -lt 2 ] || panels+=("$axis")
	done
	((${#panels[@]})) || return 0
	{
		echo "set terminal pngcairo size 900,$((500 * ${#panels[@]})) font 'sans,10'"
		echo "set output '$1'"
		echo "set multiplot layout ${#panels[@]},1"
		echo "set grid; set key outside right; set yrange [0:*]; set ylabel '$4'"
		for axis in "${panels[@]}"; do
			plot_panel "$axis"
		done
	} | gnuplot
}

plot_panel() { # AXIS, with $dir/plot-AXIS
	local file=$dir/plot-$1 curve n=0
	local -a curves=()

	mapfile -t curves < <(cut -f 2 "$file" | awk '!seen[$0]++')
	if [ "$1" = size ]; then
		echo "set xlabel 'octets of a frame'"
	else
		echo "set xlabel 'stations'"
	fi
	printf 'set xtics ('
	cut -f 1 "$file" | awk '!seen[$0]++ { printf "%s\"%s\" %d", n ? ", " : "", $0, n; n++ }'
	printf ')\nplot '
	for curve in "${curves[@]}"; do
		printf "%s'-' using 1:2 with linespoints title '%s' noenhanced" \
			"$([ $n = 0 ] || echo ', ')" "$curve"
		n=$((n + 1))
	done
	echo
	for curve in "${curves[@]}"; do
		awk -F'\t' -v curve="$curve" '!($1 in place) { place[$1] = n++ }
			$2 == curve { print place[$1], $3 } END { print "e" }' "$file"
	done
}
