# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: BSD-3-Clause
# What tests of the lab begin with: a lab of their own, which is taken down whatever happens. Such
# a test sources this file and nothing else, and may define lab_failed() to tell more.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# shellcheck source=scripts/net.sh
source "$root/scripts/net.sh"
export IXFAB_LAB=ixt$$
run=/run/ixfab-lab-$IXFAB_LAB
out=$(mktemp) # what was said last

lab() {
	"$root/scripts/lab" "$@"
}

lab_failed() {
	:
}

nothing_left() {
	[[ ! -e $run && -z $(netns_list "$IXFAB_LAB") ]] &&
		! grep -qsa "$IXFAB_LAB" /proc/[0-9]*/cmdline
}

cleanup() {
	local status=$?
	trap - EXIT
	if [[ $status -ne 0 ]]; then
		tail -n 40 "$out"
		lab_failed
	fi
	lab down >/dev/null || status=1
	wait_until 5 nothing_left || status=1
	rm -f "$out"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
trap 'say "failed: ${BASH_SOURCE[0]##*/}:$LINENO: $BASH_COMMAND"' ERR

pings() { # FROM ADDRESS
	lab exec "$1" ping -nqc 1 -W 1 "$2" >"$out"
}
silent() { # FROM ADDRESS
	! pings "$@"
}
