# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# BIRD in every station: members speak to both route servers, over IPv4 and over IPv6.

bird_start() {
	local file
	file=$dir/$(station_name "$1")
	if is_member "$1"; then
		bird_member "$1" >"$file.conf"
	else
		bird_route_server "$1" >"$file.conf"
	fi
	daemon_start "$file.pid" "$file.log" ip netns exec "$(station_ns "$1")" \
		bird -f -c "$file.conf" -s "$file.ctl"
}

bird_answers() {
	birdc_in "$1" show status >/dev/null 2>&1
}

birdc_in() {
	local i=$1
	shift
	birdc -s "$dir/$(station_name "$i").ctl" "$@"
}

bird_common() {
	cat <<END
# $(station_name "$1"), AS$(station_asn "$1"), of scripts/lab

log stderr { info, warning, error, auth, fatal, bug };
router id $(station_ip4 "$1");

protocol device {
}
END
}

bird_member() {
	local rs
	bird_common "$1"
	cat <<END

# What this network announces.
protocol static own4 {
	ipv4;
$(station_prefixes4 "$1" | sed 's/.*/	route & unreachable;/')
}
protocol static own6 {
	ipv6;
$(station_prefixes6 "$1" | sed 's/.*/	route & unreachable;/')
}

# What it has learned goes to the kernel; its own packets then come from its own prefixes.
protocol kernel kernel4 {
	ipv4 {
		import none;
		export filter {
			if source != RTS_BGP then reject;
			krt_prefsrc = $(station_loopback "$1" 4);
			accept;
		};
	};
}
protocol kernel kernel6 {
	ipv6 {
		import none;
		export filter {
			if source != RTS_BGP then reject;
			krt_prefsrc = $(station_loopback "$1" 6);
			accept;
		};
	};
}

# A route server is not on the path of what it hands on, so the first AS is not its own.
template bgp route_server {
	local as $(station_asn "$1");
	enforce first as off;
	connect delay time 1;
	connect retry time 2;
	error wait time 1, 10;
	hold time 30;
	keepalive time 10;
}
END
	for rs in 1 2; do
		cat <<END

protocol bgp rs${rs}_ipv4 from route_server {
	neighbor $(station_ip4 -$rs) as $rs_asn;
	ipv4 { import where net !~ [192.0.2.0/24+]; export where source = RTS_STATIC; };
}
protocol bgp rs${rs}_ipv6 from route_server {
	neighbor $(station_ip6 -$rs) as $rs_asn;
	ipv6 { import where net !~ [2001:db8:2::/64+]; export where source = RTS_STATIC; };
}
END
	done
}

bird_route_server() {
	local i asn
	bird_common "$1"
	cat <<END

# A member may announce what is registered for it, with itself as the first AS of the path and
# as the next hop.
function from_client(int first_as; prefix set registered)
{
	if bgp_path.first != first_as || bgp_path.last != first_as then return false;
	if bgp_next_hop != from then return false;
	return net ~ registered;
}

template bgp of_member {
	local as $rs_asn;
	rs client;
	passive on;
	error wait time 1, 10;
	hold time 30;
	keepalive time 10;
}
END
	for i in $(members); do
		asn=$(station_asn "$i")
		cat <<END

protocol bgp $(station_name "$i")_ipv4 from of_member {
	neighbor $(station_ip4 "$i") as $asn;
	ipv4 {
		import where from_client($asn, [ $(station_prefixes4 "$i" | paste -sd,) ]);
		export all;
	};
}
protocol bgp $(station_name "$i")_ipv6 from of_member {
	neighbor $(station_ip6 "$i") as $asn;
	ipv6 {
		import where from_client($asn, [ $(station_prefixes6 "$i" | paste -sd,) ]);
		export all;
	};
}
END
	done
}

# How many BGP sessions a station has, and how many of them are established: "4 4".
bird_sessions() {
	birdc_in "$1" show protocols 2>/dev/null |
		awk '$2 == "BGP" {all++; if ($6 == "Established") up++} END {print all + 0, up + 0}'
}
