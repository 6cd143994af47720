# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# The fabric's configuration: an ordinary file, as an exchange would write it.

config_write() {
	local i
	cat <<END
# The exchange of scripts/lab. Change it, then:
#     scripts/lab ixfab check $dir/ixfab.yaml     is it right?
#     scripts/lab ixfab diff $dir/ixfab.yaml      what would change?
#     scripts/lab ixfab apply $dir/ixfab.yaml     all of it, or nothing
version: 1

fabric:
  name: lab-ix

# One peering LAN. The profile "exchange" brings the rules of an Internet exchange: only IPv4, ARP
# and IPv6, and only from registered MACs; broadcast only for ARP, multicast only for neighbour
# discovery, and little of either; frames to nobody's MAC are not flooded. "scripts/lab ixfab show
# port swp1" shows what is in force.
lans:
  peering:
    profile: exchange
    mtu: 1500
    prefixes: [192.0.2.0/24, 2001:db8:2::/64]
    # Questions for a neighbour go to it alone. ("proxy": the fabric answers them; then askers go on
    # believing that who is down is up, and the sponge hears of it late.) The sponge answers for
    # those who are down, and asks by addresses of its own whether they are; it leaves the route
    # servers alone.
    neighbours: unicast
    sponge:
      mode: fast
      addresses: [192.0.2.250, "2001:db8:2::250"]
      protected: [$(config_route_servers)]
    # For example: one frame from a MAC that is not registered disables a port for five minutes.
    # violation: {action: disable, after: 1, recovery: 300}

# One port for each router. "iface:NAME" is a kernel interface, used through AF_XDP. A router is
# known by its MAC and its addresses in the LAN; nothing has to be learned.
ports:
END
	for i in $(stations); do
		config_port "$i"
	done
}

config_route_servers() {
	local i first=''
	for i in -1 -2; do
		printf '%s%s, "%s"' "$first" "$(station_ip4 "$i")" "$(station_ip6 "$i")"
		first=', '
	done
}

config_port() {
	local port who="Route server $((-$1))"
	port=$(station_port "$1")
	! is_member "$1" || who="Member $1"
	cat <<END
  $port:
    device: iface:$port
    member: {asn: $(station_asn "$1"), name: $who}
    lans:
      peering:
        macs: ["$(station_mac "$1")"]
        ips: [$(station_ip4 "$1"), "$(station_ip6 "$1")"]
END
}
