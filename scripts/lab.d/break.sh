# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# Damage to look at, and its repair: exercises for those who learn how an exchange works. Each says
# what it does, where to look, and what is to be seen there; "undo" makes it good again.
# shellcheck source=scripts/lab.d/break/cable.sh
source "$here/lab.d/break/cable.sh"
# shellcheck source=scripts/lab.d/break/address.sh
source "$here/lab.d/break/address.sh"
# shellcheck source=scripts/lab.d/break/router.sh
source "$here/lab.d/break/router.sh"
# shellcheck source=scripts/lab.d/break/flood.sh
source "$here/lab.d/break/flood.sh"
# shellcheck source=scripts/lab.d/break/operator.sh
source "$here/lab.d/break/operator.sh"
# shellcheck source=scripts/lab.d/break/process.sh
source "$here/lab.d/break/process.sh"

break_usage() {
	cat <<-END
		usage: scripts/lab break WHAT [undo]
		  link MEMBER         its cable is pulled
		  second-mac MEMBER   behind its port, a switch with somebody else on it
		  mac-move MEMBER     its router takes the MAC of its neighbour
		  new-router MEMBER   its router is replaced by one whose MAC nobody registered
		  proxy-arp MEMBER    its router answers in the name of all others
		  dead-router MEMBER  its router dies, and its link stays up
		  ra MEMBER           its router advertises itself as everybody's default router
		  loop MEMBER         behind its port, a switch sends back all that it gets
		  storm MEMBER        its router sends broadcasts without end
		  quarantine MEMBER   it is new here, and has to show first that it behaves
		  maintenance MEMBER  its port is to be taken down without anybody losing a packet
		  control             ixfab-control is killed
		  dataplane           ixfab-dataplane is killed
		Several at a time are possible; "scripts/lab status" lists what is broken.
	END
}

cmd_break() {
	local what=${1:-} station
	need_root "breaking a lab"
	case $what in
	link | second-mac | mac-move | new-router | proxy-arp | dead-router | ra | loop | storm | \
		quarantine | maintenance)
		need_lab
		[[ -n ${2:-} ]] || die "break $what of whom? One of: $(station_names)"
		station=$(station_find "$2")
		lock
		break_station "$what" "$station" "${3:-}"
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

# break_station WHAT STATION [undo]: what is broken is remembered by a file.
break_station() {
	local name mark
	name=$(station_name "$2")
	mark=$dir/broken/$1.$name
	case $3 in
	'')
		[[ ! -e $mark ]] || die "that is so already: scripts/lab break $1 $name undo"
		mkdir -p "$dir/broken"
		"break_${1//-/_}" "$2" "$name"
		: >"$mark"
		;;
	undo)
		[[ -e $mark ]] || die "$name is not broken so: scripts/lab break $1 $name"
		"undo_${1//-/_}" "$2" "$name"
		rm -f "$mark"
		;;
	*) break_usage >&2 && exit 2 ;;
	esac
}

show_broken() {
	local mark
	for mark in "$dir"/broken/*; do
		[[ ! -e $mark ]] || say "  broken: $(basename "$mark" | tr . ' ')"
	done
}

only_members() {
	is_member "$1" || die "only members do that, not route servers"
}

# The member behind this one, the first again behind the last.
next_member() {
	printf '%d' $(($1 % n_members + 1))
}

# Somebody who is neither of two stations: a member if there is a third, else a route server.
bystander() {
	local i
	for i in $(members) -1; do
		if [[ $i -ne $1 && $i -ne $2 ]]; then
			printf '%d' "$i"
			return
		fi
	done
}

# look_at COMMAND SIGHT COMMAND SIGHT…: where to look, and what is to be seen.
look_at() {
	say "Look at:"
	while (($#)); do
		printf '  scripts/lab %s\n      %s\n' "$1" "$2"
		shift 2
	done
}

# to_undo WHAT STATION
to_undo() {
	say "When you have seen enough: scripts/lab break $1 $2 undo"
}
