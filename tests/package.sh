#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# The Debian packages, in a system of their own with a systemd of its own: installed, started by
# their units, reloaded, upgraded while frames flow, hung, removed, purged.
#
# The system is this one, with whatever is written kept aside; with IXFAB_CLEAN_ROOT=yes (as from
# scripts/package --verify) it is made by debootstrap and has nothing but what packages depend on.
# It lives in the fabric's namespace, and hosts are around it as in every test:
#
#      host 1 ── p1 ┐                 ┌ p2 ── host 2
#                   │ systemd         │
#                   │  ├ ixfab-dataplane.service
#                   │  └ ixfab-control.service
source "$(dirname "$0")/system/support.sh"

machine=$prefix
system=$dir/system
init= # its first process
next=0.1.0+next # the version of an upgrade
config=$dir/ixfab.yaml
packages=$root/build/packages

# --- a system ---

# inside COMMAND…
inside() {
	nsenter -t "$init" -m -u -i -n -p -r -w -- "$@"
}

ixfab() {
	inside ixfab "$@"
}

# At the end there is nobody who counts.
counted=yes
is_balanced() {
	[[ $counted == no || $(query .total.balance counters) == 0 ]]
}

# shellcheck disable=SC2016 # apt is to expand that
mirror() {
	apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
		awk '$2 == "bookworm" {print $1; exit}'
}

# Everything that the packages depend on is installed, they are not.
make_clean_system() {
	debootstrap --variant=minbase --include=systemd,systemd-sysv,init-system-helpers \
		bookworm "$system" "$(mirror)" >"$dir/debootstrap.log"
	cp -a /etc/apt/. "$system/etc/apt/"
	cp "$packages"/ixfab{,-dataplane}_*.deb "$system/tmp/"
	chroot "$system" sh -ec 'apt-get update -q
		DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends \
			bash-completion man-db /tmp/ixfab*_*.deb
		dpkg --purge ixfab ixfab-dataplane' >"$dir/apt.log" 2>&1
}

make_system() {
	mkdir "$system" "$dir/layers"
	if [[ ${IXFAB_CLEAN_ROOT:-no} == yes ]]; then
		make_clean_system
		return
	fi
	mount -t tmpfs ixfab-test "$dir/layers"
	mkdir "$dir/layers/written" "$dir/layers/work"
	mount -t overlay overlay "$system" -o \
		"lowerdir=/,upperdir=$dir/layers/written,workdir=$dir/layers/work"
	# What this machine starts by itself is none of ours.
	rm -rf "$system"/etc/systemd/system/*.wants "$system/usr/sbin/policy-rc.d"
	rm -f "$system/var/lib/man-db/auto-update" # an index of all manual pages takes long
}

# Its first process is the child of systemd-nspawn.
system_is_up() {
	local pid
	pid=$(daemon_pid "$dir/machine.pid")
	init=$(cat "/proc/$pid/task/$pid/children")
	init=${init%% *}
	[[ -n $init && $(inside systemctl is-active basic.target 2>/dev/null) == active ]]
}

start_system() {
	mkdir -p "$system/debs"
	daemon_start "$dir/machine.pid" "$dir/machine.log" systemd-nspawn --quiet --boot \
		--link-journal=no --directory="$system" --machine="$machine" \
		--register=no --keep-unit \
		--network-namespace-path="/run/netns/$fabric_ns" --capability=all \
		--system-call-filter='bpf perf_event_open @raw-io' --console=pipe \
		systemd.unit=basic.target
	wait_for 30 system_is_up
}

# Before what support.sh removes.
eval "$(declare -f world_remove | sed '1s/world_remove/world_remove_rest/')"
world_remove() {
	[[ ! -e $dir/machine.pid ]] || daemon_stop "$dir/machine.pid" KILL
	! mountpoint -q "$system" || wait_until 10 umount "$system"
	! mountpoint -q "$dir/layers" || umount "$dir/layers"
	rmdir "/run/systemd/nspawn/propagate/$machine" 2>/dev/null
	world_remove_rest
}

world_tell() {
	[[ -z $init ]] || inside journalctl --no-pager -o cat -n 60 -u 'ixfab*'
	tail -n 20 "$dir"/*.log
}

# --- what is asked about a unit ---

property() { # UNIT PROPERTY
	inside systemctl show --value -p "$2" "ixfab-$1.service"
}

says() { # UNIT PATTERN: its status is so
	[[ $(property "$1" StatusText) =~ $2 ]]
}

logged() { # UNIT PATTERN
	inside journalctl -o cat -u "ixfab-$1.service" | grep -qE "$2"
}

# What is there now and was not at the beginning, but for what dpkg and systemd keep themselves.
# Where the system is this one, whatever was written is in a layer of its own.
list_files() {
	local top=$system
	[[ ! -d $dir/layers/written ]] || top=$dir/layers/written
	(cd "$top" && find . \( -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/systemd -o -path ./tmp -o -path ./debs -o -path ./run \
		-o -path ./proc -o -path ./sys -o -path ./dev \) -prune -o -print) | sort
}

left_over() {
	local path
	comm -13 "$dir/before" <(list_files) | while read -r path; do
		[[ -d $dir/layers/written && -e /$path ]] || say "$path"
	done
}

# next_version PACKAGE [COMMAND]: the package as a later release, changed by a command that runs in
# it.
next_version() {
	local tree=$dir/next-$1
	dpkg-deb -R "$packages/$1"_*_amd64.deb "$tree"
	sed -i "s/^Version: .*/Version: $next/" "$tree/DEBIAN/control"
	(cd "$tree" && eval "${2:-:}")
	dpkg-deb -b -Znone "$tree" "$system/debs/$1-next.deb" >/dev/null
}

# --- the test ---

"$root/scripts/package"
start=$(now_ms)
make_system
start_system
say "the system is up after $(seconds_since "$start") s"
for package in ixfab-dataplane ixfab; do
	cp "$packages/$package"_*_amd64.deb "$system/debs/$package.deb"
	next_version "$package" "$([[ $package == ixfab ]] || echo ': >usr/lib/*/ixfab/bpf/*.o')"
done
hosts 1 2 3
list_files >"$dir/before"

# Fresh: everything is enabled, control waits, the dataplane was not started.
inside dpkg -i /debs/ixfab-dataplane.deb /debs/ixfab.deb
expect enabled "$(inside systemctl is-enabled ixfab-dataplane ixfab-control | sort -u)" enabled
expect dataplane "$(inside systemctl is-active ixfab-dataplane || true)" inactive
expect control "$(inside systemctl is-active ixfab-control)" active
wait_for 10 says control '^not attached: no dataplane at /run/ixfab/dataplane.sock'
inside ixfab check /etc/ixfab/ixfab.yaml
inside systemd-analyze verify /lib/systemd/system/ixfab-{dataplane,control}.service
expect user "$(inside id -nG ixfab)" 'ixfab ixfab-admin'
inside bash -c '. /usr/share/bash-completion/completions/ixfab && complete -p ixfab' >/dev/null
for page in ixfab.1 ixfab.yaml.5 ixfab-control.8 ixfab-dataplane.8; do
	inside test -s "/usr/share/man/man${page##*.}/$page.gz"
done
inside systemd-analyze --no-pager security ixfab-dataplane ixfab-control |
	grep -i 'overall' || true

# Started: it finds its XDP program, may do all that it has to, and control sets it up.
inside systemctl start ixfab-dataplane
wait_for 10 says dataplane '^control is attached, policy 1, 0 of 0 ports up'
reload() { # < CONFIGURATION
	cat >"$system/etc/ixfab/ixfab.yaml"
	inside systemctl reload ixfab-control
}
config_exchange 1 2 | reload
wait_for 20 ports_up
expect ports "$(query '[.ports[] | "\(.name) \(.driver) \(.fallback)"] | join(", ")' ports)" \
	'p1 net_af_xdp false, p2 net_af_xdp false'
wait_for 10 pings 1 2
wait_for 10 says control '^attached, generation [0-9]+, 2 of 2 ports up$'

# A wrong file fails the reload, the journal says why, and nothing changes.
fails reload <<<'nonsense: yes' 2>/dev/null
wait_for 5 logged control 'nonsense'
config_exchange 1 2 | reload
pings 1 2

# Who needs help gets it from what is installed.
inside ixfab doctor -j >"$dir/doctor.json" || true
expect 'DPDK by doctor' \
	"$(jq -r '.findings[] | select(.check == "dpdk").level' "$dir/doctor.json")" ok
inside ixfab support-bundle -o /tmp/bundle.tar.gz --interval 1 >/dev/null
inside tar -tzf /tmp/bundle.tar.gz >/dev/null

# Everybody may look, the group may change.
as_one_of() { # GROUP COMMAND…
	inside setpriv --reuid nobody --regid nogroup --groups "$1" "${@:2}"
}
as_one_of nogroup ixfab show ports >/dev/null
fails as_one_of nogroup ixfab port p2 down 2>/dev/null
as_one_of ixfab-admin ixfab port p2 down
as_one_of ixfab-admin ixfab port p2 up
wait_for 10 pings 1 2

# Upgraded while frames flow: control is another process, the dataplane the same. It still has its
# own XDP program: the new one, which is no program, is not looked at.
dataplane=$(property dataplane MainPID) control=$(property control MainPID)
flow_start 1 2
inside dpkg -i /debs/ixfab-dataplane-next.deb /debs/ixfab-next.deb | tee "$dir/upgrade.log"
grep -q 'The running ixfab-dataplane goes on unchanged' "$dir/upgrade.log"
# shellcheck disable=SC2016 # dpkg is to expand that
expect version "$(inside dpkg-query -W -f '${Version}' ixfab-dataplane)" "$next"
expect 'dataplane pid' "$(property dataplane MainPID)" "$dataplane"
fails test "$(property control MainPID)" = "$control"
wait_for 10 says control '^attached, generation [0-9]+, 2 of 2 ports up$'
config_exchange 1 2 3 | reload
wait_for 20 query '.ports[] | select(.name == "p3" and .link == "up" and (.fallback | not))' ports
wait_for 10 pings 1 3
inside systemctl restart ixfab-control
wait_for 10 says control '^attached, generation [0-9]+, 3 of 3 ports up$'
expect_no_loss "$(flow_end)"
inside dpkg -i /debs/ixfab-dataplane.deb /debs/ixfab.deb >/dev/null
expect 'dataplane pid' "$(property dataplane MainPID)" "$dataplane"
check_conserved

# One that hangs is killed and started again, and control sets it up, without an operator. One that
# does not hang is left alone.
inside mkdir -p /run/systemd/system/ixfab-dataplane.service.d
printf '[Service]\nWatchdogSec=2\n' |
	inside tee /run/systemd/system/ixfab-dataplane.service.d/test.conf >/dev/null
inside systemctl daemon-reload
inside systemctl restart ixfab-dataplane
wait_for 20 ports_up
signs_moved() {
	[[ $(property dataplane WatchdogTimestampMonotonic) != "$sign" ]]
}
for _ in 1 2 3 4 5 6; do
	sign=$(property dataplane WatchdogTimestampMonotonic)
	wait_for 5 signs_moved
done
expect restarts "$(property dataplane NRestarts)" 0
dataplane=$(property dataplane MainPID)
inside bash -c "kill -STOP $dataplane"
restarted() {
	[[ $(property dataplane NRestarts) == 1 && $(property dataplane SubState) == running ]]
}
wait_for 20 restarted
logged dataplane 'Watchdog timeout'
wait_for 20 ports_up
wait_for 10 pings 1 2
check_conserved
counted=no

# Control is removed: frames go on. The dataplane is removed: it ends.
inside dpkg -r ixfab >/dev/null
expect control "$(inside systemctl is-active ixfab-control || true)" inactive
pings 1 2
inside dpkg -r ixfab-dataplane >/dev/null
expect dataplane "$(inside systemctl is-active ixfab-dataplane || true)" inactive
fails pings 1 2
inside test -s /etc/ixfab/ixfab.yaml # until it is purged
inside dpkg --purge ixfab ixfab-dataplane >/dev/null 2>&1
inside test ! -e /run/ixfab
expect 'left over' "$(left_over)" ''
say "all of it took $(seconds_since "$start") s"
