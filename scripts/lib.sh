# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: BSD-3-Clause
# What the scripts share. To be sourced, not run.

# The top of the tree.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Colours, where somebody looks at them: on a terminal, unless NO_COLOR is set.
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
	bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
	bold='' red='' green='' dim='' plain=''
fi
readonly root bold red green dim plain

say() {
	printf '%s\n' "$*"
}

# Say what is wrong, and end.
die() {
	printf '%s%s: %s%s\n' "$red" "${0##*/}" "$*" "$plain" >&2
	exit 1
}

need_root() {
	[[ $EUID -eq 0 ]] || die "$1 needs root: try 'sudo $0 …'"
}

# Milliseconds since the machine was started: steps of the clock on the wall do no harm.
now_ms() {
	local up
	read -r up _ </proc/uptime
	printf '%s' "$((10#${up/./} * 10))"
}

# seconds_since MILLISECONDS: "3.2"
seconds_since() {
	local ms=$(($(now_ms) - $1))
	printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# wait_until SECONDS COMMAND…: try until it succeeds; fails when the time is up.
wait_until() {
	local deadline=$(($(now_ms) + $1 * 1000))
	shift
	until "$@"; do
		(($(now_ms) < deadline)) || return 1
		sleep 0.05
	done
}

# The processes that a script starts are known by files "PID START": a number that is used again by
# another process has another start time, so nobody else's process is ever ended.

# When a process was started, in ticks since the machine was; fails if there is none.
process_start() {
	local -a stat
	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
	read -ra stat <<<"${stat##*) }"
	[[ ${stat[0]} != Z ]] && printf '%s' "${stat[19]}"
}

# daemon_start PIDFILE LOGFILE COMMAND…: run it in the background, in a session of its own, and come
# back when it is on its way. The file is there before the session is: whoever ends this script's
# process group in between ends the process with it, or finds its file. It does not inherit
# descriptor 9, which scripts use for their lock.
daemon_start() {
	local pidfile=$1 log=$2 pid
	shift 2
	: "$( (
		pid=$BASHPID
		printf '%s %s\n' "$pid" "$(process_start "$pid")" >"$pidfile"
		exec setsid "$@" </dev/null >>"$log" 2>&1 9>&-
	) &)"
}

# The process of a pid file; fails if it is no more.
daemon_pid() {
	local pid start
	{ read -r pid start <"$1"; } 2>/dev/null || return 1
	[[ -n $start && $(process_start "$pid") == "$start" ]] && printf '%s' "$pid"
}

daemon_runs() {
	daemon_pid "$1" >/dev/null
}

daemon_ended() {
	! daemon_runs "$1"
}

# End the process of a pid file: with the given signal, or politely, and with force after 5 s.
daemon_stop() {
	local pid
	if pid=$(daemon_pid "$1"); then
		kill "-${2:-TERM}" "$pid" 2>/dev/null || true
		if ! wait_until 5 daemon_ended "$1"; then
			kill -KILL "$pid" 2>/dev/null || true
			wait_until 5 daemon_ended "$1" || true
		fi
	fi
	rm -f "$1"
}

# The CPUs that this process may use, one a line.
usable_cpus() {
	local list first last
	list=$(taskset -cp $$)
	tr ',' '\n' <<<"${list##*: }" | while IFS=- read -r first last; do
		seq "$first" "${last:-$first}"
	done
}

# build DIRECTORY [MESON OPTION…]: configure once, then compile what changed. Quiet when all is
# well.
build() {
	local dir=$1 log
	shift
	log=$(mktemp)
	if { [[ -f $dir/build.ninja ]] || meson setup "$@" "$dir" "$root"; } >"$log" 2>&1 &&
		ninja -C "$dir" >>"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	tail -n 60 "$log" >&2
	rm -f "$log"
	return 1
}
