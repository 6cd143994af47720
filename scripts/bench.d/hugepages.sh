# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Huge pages for a run. To be sourced by scripts/bench.

readonly NR_HUGEPAGES=/proc/sys/vm/nr_hugepages

hugepages_before="" hugepages_ours=""

free_hugepages() {
	awk '/^HugePages_Free/ { print $2 }' /proc/meminfo
}

# Have enough 2 MiB pages beside what others hold, while we run. Others' pages may first have to be
# counted in again, if the number was made smaller while they held them: so once more.
reserve_hugepages() { # MIB
	local need=$(($1 / 2 + 16)) missing

	for _ in 1 2; do
		missing=$((need - $(free_hugepages)))
		[ "$missing" -gt 0 ] || return 0
		[ -n "$hugepages_before" ] || hugepages_before=$(<$NR_HUGEPAGES)
		hugepages_ours=$(($(<$NR_HUGEPAGES) + missing))
		echo "$hugepages_ours" 2>/dev/null >$NR_HUGEPAGES || true
	done
	missing=$((need - $(free_hugepages)))
	[ "$missing" -le 0 ] || die "$missing more free hugepages of 2 MiB are needed: try as root"
}

# Somebody else may have changed the number meanwhile: then it is theirs.
restore_hugepages() {
	[ -n "$hugepages_before" ] || return 0
	if [ "$(<$NR_HUGEPAGES)" = "$hugepages_ours" ]; then
		echo "$hugepages_before" >$NR_HUGEPAGES
	fi
	hugepages_before=""
}
