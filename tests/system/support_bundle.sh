#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A support bundle of a fabric that runs, of one whose control does not answer, and none at all if
# it is interrupted.
source "$(dirname "$0")/support.sh"

bundle=$dir/out/bundle.tar.gz
mkdir "$dir/out"

# unpack: into $dir/bundle.
unpack() {
	rm -rf "$dir/bundle"
	mkdir "$dir/bundle"
	tar -xzf "$bundle" -C "$dir/bundle" --strip-components=1
}

nothing_but() { # FILE…
	expect "in its directory" "$(ls -A "$dir/out")" "$*"
}

hosts 1 2
config_exchange 1 2 | fabric_start
wait_for 10 pings 1 2

ixfab support-bundle -o "$bundle" --interval 1 "$config" >"$dir/said"
grep -q 'Not in it: passwords' "$dir/said"
expect "its mode" "$(stat -c %a "$bundle")" 600
nothing_but bundle.tar.gz
unpack
for round in 1 2; do
	# No LAN has a sponge here, and "show sponge" says so.
	expect "refused in round $round" "$(find "$dir/bundle/show-$round" -name '*.failed' \
		-printf '%f ')" 'sponge.failed '
	for what in ports counters drops macs lans events workers config version \
		history audit; do
		jq -e '.version == 1 or .control' "$dir/bundle/show-$round/$what.json" >/dev/null
	done
done
later() { # FILTER FILE: it has grown between the rounds.
	jq -se ".[1] as \$later | .[0] as \$sooner | (\$later | $1) > (\$sooner | $1)" \
		"$dir/bundle/show-1/$2" "$dir/bundle/show-2/$2" >/dev/null
}
later '.workers[0].idle_cycles + .workers[0].busy_cycles + .workers[0].sleeps' workers.json
cmp "$config" "$dir/bundle/config.yaml"
jq -e '.findings | length > 10' "$dir/bundle/doctor.json" >/dev/null
control=$(daemon_pid "$dir/control.pid")
grep -q '^Name:.ixfab-control' "$dir/bundle/machine/proc/$control/status"
[[ -s $dir/bundle/machine/proc/version && -s $dir/bundle/machine/proc/cpuinfo ]]

# Interrupted while it waits for the second round, it leaves what was there.
before=$(md5sum <"$bundle")
daemon_start "$dir/bundle.pid" "$dir/bundle.log" "$builddir/control/ctl/ixfab" --socket \
	"$dir/control.sock" support-bundle -o "$bundle" --interval 600 "$config"
waits() {
	grep -qs '^State:.S' "/proc/$(daemon_pid "$dir/bundle.pid")/status"
}
wait_for 5 waits
daemon_stop "$dir/bundle.pid" KILL
expect "the old one" "$(md5sum <"$bundle")" "$before"
nothing_but bundle.tar.gz

# Control hangs: it has a socket, and does not answer. Then it is gone.
kill -STOP "$control"
ixfab --timeout 1 support-bundle -o "$bundle" "$config" >"$dir/said"
kill -CONT "$control"
grep -q 'Without what ixfab-control would say' "$dir/said"
unpack
[[ -s $dir/bundle/show-FAILED && -s $dir/bundle/doctor.json && ! -e $dir/bundle/show-1 ]]
daemon_stop "$dir/control.pid"
ixfab support-bundle -o "$bundle" "$config" >"$dir/said"
unpack
grep -q control.sock "$dir/bundle/show-FAILED"
cmp "$config" "$dir/bundle/config.yaml"
control_start
wait_for 30 ports_up
fails ixfab support-bundle -o "$dir/nowhere/bundle.tar.gz" --interval 1
