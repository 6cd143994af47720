# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: BSD-3-Clause
# ixfab with all rules of a peering LAN, each station registered on its port. A port takes 1024
# registered addresses: with more stations than that, they are learned.

registered_max=1024

registered() { # PORT
	echo "      bench:"
	echo "        macs:"
	awk -v port="$1" '$1 == port { print "        - \"" $2 "\"" }' "$dir/macs"
}

start() {
	local mode=registered lan=registered

	generator --macs >"$dir/macs"
	if [ "$n_stations" -gt $((registered_max * n_ports)) ]; then
		mode=open lan=
	fi
	ixfab_config $lan >"$dir/ixfab.yaml" <<-EOF
	    profile: exchange
	    prefixes: [192.0.2.0/24, "2001:db8:2::/64"]
	    port-security: {mode: $mode, limit: $registered_max}
	EOF
	ixfab_start
}

frames() {
	ixfab_frames
}
