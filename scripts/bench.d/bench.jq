# SPDX-License-Identifier: BSD-3-Clause
# What the reports of scripts/bench share.

def median: sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor]
	else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Runs to one: the median of each number, also in objects.
def medians: . as $all | reduce (map(keys_unsorted) | add | unique)[] as $key ({};
	($all | map(.[$key] | values)) as $values |
	.[$key] = if $values == [] then null
		elif $values[0] | type == "number" then $values | median
		elif $values[0] | type == "object" then $values | medians
		else $values[0] end);

# A run, given how near the CPUs were at best: see machine.sh. Between memory ports, one CPU does
# all the work.
def disturbed($nearest): .worker < 0.95 or (.stolen // 0) > 0.1 or
	(.transport != "memory" and .away > 1.5 * $nearest);

def mark_disturbed: (map(.away) | min) as $nearest |
	map(. + {disturbed: disturbed($nearest)});

# What two runs have in common that may be compared.
def cell: [.test, .transport, .ports, .pattern, .addresses, .size, .stations];

# Each run of a list beside the run of the reference in the same round and cell.
def pairs($runs; $reference; value): [.[] | . as $run | $runs[] |
	select(.switch == $reference and .round == $run.round and cell == ($run | cell)) |
	{ratio: (value as $mine |
		if $mine and $mine != 0 then ($run | value) / $mine else null end),
		disturbed: (.disturbed or $run.disturbed)} | select(.ratio)];

# The median ratio to the reference: of undisturbed pairs, if there are any.
def compare($runs; $reference; value): pairs($runs; $reference; value) as $pairs |
	($pairs | map(select(.disturbed | not))) as $good |
	{ratio: (if $good == [] then $pairs else $good end | map(.ratio) | median),
		pairs: ($good | length)};

def fixed($n): if . == null then "-" else . * pow(10; $n) | round | tostring |
	("0" * ([$n + 1 - length, 0] | max) // "") + . |
	if $n == 0 then . else .[:-$n] + "." + .[-$n:] end end;

def percent: . * 100 | fixed(0) + " %";

def rows: map(tostring) | join("|");

# Of runs of two cases that took turns: the median of their ratios, of undisturbed pairs if there
# are any; how many of these, and of all.
def compare_cases($case; $base; value):
	. as $runs |
	[.[] | select(.case == $case) | . as $run | $runs[] |
		select(.case == $base and .round == $run.round) |
		{ratio: (($run | value) / value), disturbed: (.disturbed or $run.disturbed)}] |
	. as $pairs | map(select(.disturbed | not)) as $good |
	{ratio: ((if $good == [] then $pairs else $good end) | map(.ratio) | median),
	pairs: ($good | length), rounds: ($pairs | length)};
