# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: BSD-3-Clause
# The plan of names and addresses. All are set aside for documentation (RFC 5737, 3849, 5398).
#
# A station is a router on the LAN, known by a number: members are 1 to N, the route servers -1 and
# -2.

if [[ -n ${IXFAB_LAB:-} ]]; then
	prefix=$IXFAB_LAB dir=/run/ixfab-lab-$IXFAB_LAB
else
	prefix=ixlab dir=/run/ixfab-lab
fi
fabric_ns=$prefix-fabric
rs_asn=64500
members_max=16 # as many as there are AS numbers and prefixes for them
n_members=0

members_load() {
	n_members=$(<"$dir/members")
}

members() {
	seq 1 "$n_members"
}

stations() {
	printf '%s\n' -1 -2
	members
}

is_member() {
	(($1 > 0))
}

station_asn() {
	if ! is_member "$1"; then
		printf '%s' "$rs_asn"
	elif (($1 <= 11)); then
		printf '%d' $((64500 + $1))
	else
		printf '%d' $((65536 + $1 - 12))
	fi
}

station_name() {
	if is_member "$1"; then
		printf 'as%s' "$(station_asn "$1")"
	else
		printf 'rs%d' "$((-$1))"
	fi
}

station_names() {
	local i
	for i in $(stations); do
		printf '%s ' "$(station_name "$i")"
	done
}

# The number of a station by its name.
station_find() {
	local i
	for i in $(stations); do
		if [[ $(station_name "$i") == "${1,,}" ]]; then
			printf '%s' "$i"
			return
		fi
	done
	die "there is no '$1' in this lab. There are: fabric $(station_names)"
}

station_ns() {
	printf '%s-%s' "$prefix" "$(station_name "$1")"
}

# The fabric's port.
station_port() {
	if is_member "$1"; then
		printf 'swp%d' "$1"
	else
		station_name "$1"
	fi
}

# The AS number can be read in a MAC and in an IPv6 address.
station_mac() {
	local asn last=1
	asn=$(printf '%06d' "$(station_asn "$1")")
	is_member "$1" || last=$((-$1))
	printf '02:00:%s:%s:%s:%02d' "${asn:0:2}" "${asn:2:2}" "${asn:4:2}" "$last"
}

station_ip4() {
	if is_member "$1"; then
		printf '192.0.2.%d' $((10 + $1))
	else
		printf '192.0.2.%d' $((-$1))
	fi
}

station_ip6() {
	local asn last=1
	asn=$(station_asn "$1")
	is_member "$1" || last=$((-$1))
	printf '2001:db8:2::%s:%s:%d' "${asn:0:1}" "${asn:1}" "$last"
}

# A member's own prefixes.
station_prefixes4() {
	! is_member "$1" || printf '%s\n' "198.51.100.$((16 * ($1 - 1)))/28" \
		"203.0.113.$((16 * ($1 - 1)))/28"
}

station_prefixes6() {
	! is_member "$1" || printf '2001:db8:1%02d::/48\n' "$1"
}

# The addresses out of these prefixes that a member holds itself.
station_loopbacks() {
	! is_member "$1" || printf '%s\n' "198.51.100.$((16 * ($1 - 1) + 1))/32" \
		"203.0.113.$((16 * ($1 - 1) + 1))/32" "$(printf '2001:db8:1%02d::1/128' "$1")"
}

# The first of them for a family, 4 or 6, without its length.
station_loopback() {
	local address pattern=.
	[[ $2 == 4 ]] || pattern=:
	for address in $(station_loopbacks "$1"); do
		if [[ $address == *"$pattern"* ]]; then
			printf '%s' "${address%/*}"
			return
		fi
	done
}
