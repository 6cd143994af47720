# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Damage to look at, and its repair.

break_usage() {
	cat <<-END
		usage: scripts/lab break WHAT [undo]
		  link MEMBER        its cable is pulled
		  mac-move MEMBER    its router takes the MAC of its neighbour
		  new-router MEMBER  its router is replaced by one with a MAC that nobody registered
		  dead-router MEMBER its router dies, and its link stays up
		  ra MEMBER          its router advertises itself as everybody's default router
		  loop MEMBER        behind its port, a switch sends back all that it gets
		  control            ixfab-control is killed
		  dataplane          ixfab-dataplane is killed
	END
}

cmd_break() {
	local what=${1:-}
	need_root "breaking a lab"
	case $what in
	link | mac-move | new-router | dead-router | ra | loop)
		need_lab
		[[ -n ${2:-} ]] || die "break $what of whom? One of: $(station_names)"
		lock
		"break_${what/-/_}" "$(station_find "$2")" "${3:-}"
		;;
	control | dataplane)
		need_lab
		lock
		break_process "$what" "${2:-}"
		;;
	'') break_usage ;;
	*) break_usage >&2 && exit 2 ;;
	esac
}

look_at() {
	say "Look at:"
	printf '  scripts/lab %s\n' "$@"
}

break_link() {
	local name
	name=$(station_name "$1")
	if [[ $2 == undo ]]; then
		ip -n "$(station_ns "$1")" link set eth0 up
		say "$name is plugged in again. Its sessions come back in a few seconds."
		return
	fi
	ip -n "$(station_ns "$1")" link set eth0 down
	say "The cable of $name is pulled: its port, $(station_port "$1"), goes down."
	say "What is sent to $name is dropped."
	look_at "ixfab show ports" "ixfab show drops" "status" "break link $name undo"
}

set_mac() {
	ip -n "$(station_ns "$1")" link set eth0 address "$2"
}

break_mac_move() {
	local name victim=$(($1 % n_members + 1))
	is_member "$1" || die "only members do that, not route servers"
	name=$(station_name "$1")
	if [[ $2 == undo ]]; then
		set_mac "$1" "$(station_mac "$1")"
		say "$name uses its own MAC again."
		return
	fi
	set_mac "$1" "$(station_mac "$victim")"
	say "$name sends with the MAC of $(station_name "$victim"), registered on another port."
	say "None of these frames goes anywhere, and $(station_name "$victim") notices nothing."
	look_at "ixfab show drops" "status" "break mac-move $name undo"
}

break_new_router() {
	local name mac
	name=$(station_name "$1")
	mac=$(station_mac "$1")
	if [[ $2 == undo ]]; then
		set_mac "$1" "$mac"
		say "$name has its old router back."
		return
	fi
	set_mac "$1" "${mac%:*}:99"
	say "$name has a router with another MAC, ${mac%:*}:99. Nobody registered it, so"
	say "nothing that it sends goes anywhere, until somebody lets it."
	look_at "ixfab show drops" \
		"ixfab port $(station_port "$1") mac add ${mac%:*}:99 --until 2h" \
		"status" "break new-router $name undo"
}

# Its link stays up, and it hears everything, but says nothing any more.
break_dead_router() {
	local name asker=$(($1 % n_members + 1))
	name=$(station_name "$1")
	if [[ $2 == undo ]]; then
		tc -n "$(station_ns "$1")" qdisc del dev eth0 root
		say "$name lives again. With its first word the sponge lets go, and tells those"
		say "whom it had answered."
		return
	fi
	tc -n "$(station_ns "$1")" qdisc add dev eth0 root blackhole
	say "The router of $name is dead: its link is up, and it says nothing any more. Soon the"
	say "sponge answers for it, and nobody else hears that it is asked for."
	look_at "exec $(station_name "$asker") ping -c 15 $(station_ip4 "$1")" \
		"ixfab show sponge" "ixfab show dead-peers" "ixfab show events" \
		"break dead-router $name undo"
}

break_ra() {
	local name pidfile
	is_member "$1" || die "only members do that, not route servers"
	name=$(station_name "$1")
	pidfile=$dir/ra-$name.pid
	if [[ $2 == undo ]]; then
		daemon_stop "$pidfile"
		say "$name advertises nothing any more."
		return
	fi
	! daemon_runs "$pidfile" || die "$name advertises itself already"
	cat >"$dir/ra-$name.conf" <<-END
		router id $(station_ip4 "$1");
		protocol device {}
		protocol radv {
			interface "eth0" {
				min ra interval 3;
				max ra interval 4;
				prefix 2001:db8:bad::/64 {};
			};
		}
	END
	daemon_start "$pidfile" "$dir/ra-$name.log" ip netns exec "$(station_ns "$1")" \
		bird -f -c "$dir/ra-$name.conf" -s "$dir/ra-$name.ctl"
	say "$name advertises itself as everybody's default router. Nobody hears of it."
	look_at "ixfab show events" "ixfab show drops" "break ra $name undo"
}

# A bridge that sends back by the port it came from what it gets.
break_loop() {
	local name ns
	name=$(station_name "$1")
	ns=$(station_ns "$1")
	if [[ $2 == undo ]]; then
		ip -n "$ns" link del reflector
		say "The switch behind its port is gone. The port comes back by itself, or at once:"
		say "  scripts/lab ixfab port $(station_port "$1") enable"
		return
	fi
	ip -n "$ns" link add reflector type bridge
	ip -n "$ns" link set eth0 master reflector
	in_netns "$ns" bridge link set dev eth0 hairpin on
	ip -n "$ns" link set reflector up
	say "What $name gets, it sends back. The fabric's own probe comes back too, and the port is"
	say "disabled within seconds. The others notice nothing."
	look_at "ixfab show ports" "ixfab show events" "status" "break loop $name undo"
}

break_process() {
	local pid
	if [[ $2 == undo ]]; then
		! daemon_runs "$dir/$1.pid" || die "ixfab-$1 runs already"
		"${1}_start"
		wait_until 20 fabric_ready || die "the ports did not come up again; see $dir/$1.log"
		say "ixfab-$1 runs again, and all ports are up."
		return
	fi
	pid=$(daemon_pid "$dir/$1.pid") || die "ixfab-$1 does not run"
	daemon_stop "$dir/$1.pid" KILL
	say "ixfab-$1 (process $pid) is killed."
	if [[ $1 == control ]]; then
		say "The dataplane goes on with what it knows: not a frame is lost. The operator's"
		say "tool has nobody to ask until it is back."
		look_at "exec as64501 ping $(station_ip4 2)" "status" "break control undo"
	else
		say "Nothing is forwarded. Control waits for another, and programs it by itself."
		look_at "ixfab show version" "status" "break dataplane undo"
	fi
}
