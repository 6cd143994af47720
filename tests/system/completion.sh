#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Completion in a real bash, at a terminal: what the TAB key makes of a line, words and names of a
# running fabric. M-* inserts all that there is to choose from.
source "$(dirname "$0")/support.sh"

hosts 1 2
config_exchange 1 2 | fabric_start

# A key that writes the line to a file, and begins another.
cat >"$dir/bashrc" <<'END'
source <(ixfab completion bash)
PS1='$ '
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind 'set completion-query-items 0'
show_line() {
	printf '%s\n' "$READLINE_LINE" >>"$lines"
	READLINE_LINE='' READLINE_POINT=0
}
bind -x '"\C-xl": show_line'
END

export lines=$dir/lines IXFAB_SOCKET=$dir/control.sock
PATH=$builddir/control/ctl:$PATH
: >"$lines"
mkfifo "$dir/keys"
exec 7<>"$dir/keys"
daemon_start "$dir/bash.pid" "$dir/bash.log" sh -c "cd '$dir' && exec script -q -c \
	'bash --noprofile --rcfile bashrc -i' /dev/null <'$dir/keys'"
wait_for 5 grep -q '^\$ ' "$dir/bash.log"

has_lines() {
	[[ $(wc -l <"$lines") -ge $1 ]]
}

# becomes KEYS LINE: what was typed becomes this.
typed=0
becomes() {
	typed=$((typed + 1))
	printf '%b\030l' "$1" >&7
	wait_for 5 has_lines "$typed"
	expect "$1" "$(tail -n 1 "$lines")" "$2"
}

becomes 'ixfab sh\t' 'ixfab show '
becomes 'ixfab show ne\t' 'ixfab show neighbours '
becomes 'ixfab show po\033*' 'ixfab show port ports '
becomes 'ixfab show port \033*' 'ixfab show port p1 p2 '
becomes 'ixfab port p1 ma\tad\t--l\tpe\t' 'ixfab port p1 mac add --lan peering '
becomes 'ixfab show events --reason mac_hi\t' 'ixfab show events --reason mac_hijack '
becomes 'ixfab show macs 02:00:00:00:00:\033*' \
	'ixfab show macs 02:00:00:00:00:01 02 '
becomes 'ixfab show macs 02:00:00:00:00:02\t' 'ixfab show macs 02:00:00:00:00:02 '
becomes 'ixfab unsponge 2001:db8:2::1\t' 'ixfab unsponge 2001:db8:2::1 '
becomes 'ixfab show config --gen \t' 'ixfab show config --gen 1 '
becomes 'ixfab check ixf\t' 'ixfab check ixfab.yaml '
becomes 'ixfab doc\t--wo\t2 ixf\t' 'ixfab doctor --workers 2 ixfab.yaml '
becomes 'ixfab --socket contr\t' 'ixfab --socket control.'
becomes 'ixfab xyzzy\t' 'ixfab xyzzy'
daemon_stop "$dir/bash.pid"

# Without control there are words, and no names.
daemon_stop "$dir/control.pid"
expect "no names" "$("$builddir/control/ctl/ixfab" __complete show port '')" ''
expect "words" "$("$builddir/control/ctl/ixfab" __complete show po | tr '\n' ' ')" 'ports port '
control_start
wait_for 30 ports_up
