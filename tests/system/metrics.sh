#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# A real Prometheus scrapes a running fabric: every metric has the name, type and labels that it
# wants, counters are those that operators see, and an alert of monitoring/ is raised. The file for
# node_exporter says the same.
source "$(dirname "$0")/support.sh"

readonly metrics=127.0.0.1:9680 prometheus=127.0.0.1:9690 file=$dir/ixfab.prom

# As support.sh has it, in the namespace of the fabric, where ports of TCP are free.
control_start() {
	daemon_start "$dir/control.pid" "$dir/control.log" ip netns exec "$fabric_ns" \
		"$builddir/control/ixfab-control" --dataplane "$dir/dataplane.sock" \
		--socket "$dir/control.sock" --state "$dir/state" --config "$config" \
		--metrics "$metrics" --metrics-file "$file" --metrics-period 1
}

prometheus_start() {
	mkdir "$dir/prometheus"
	cat >"$dir/prometheus.yml" <<-END
		global:
		  {scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms}
		rule_files: [$root/monitoring/ixfab.rules.yml]
		scrape_configs:
		  - {job_name: ixfab, static_configs: [{targets: ["$metrics"]}]}
	END
	daemon_start "$dir/prometheus.pid" "$dir/prometheus.log" ip netns exec "$fabric_ns" \
		prometheus --config.file="$dir/prometheus.yml" \
		--storage.tsdb.path="$dir/prometheus" --web.listen-address="$prometheus"
}

fetch() {
	in_netns "$fabric_ns" curl -sSf -m 5 "$@"
}

# ask QUERY: what Prometheus has for it now, a value a line. Fails if that is nothing.
ask() {
	fetch "http://$prometheus/api/v1/query" --data-urlencode "query=$1" 2>/dev/null |
		jq -er '.data.result[].value[1]'
}

says() {
	[[ $(ask "$1") == "$2" ]]
}

# The names of metrics that the rules and the dashboard use, and no fabric has.
unknown_names() {
	grep -ohE '\bixfab_[a-z0-9_]+' "$root"/monitoring/* | sed 's/_bucket$//' | sort -u |
		comm -23 - <(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$dir/plain" | sort)
}

promtool check rules "$root/monitoring/ixfab.rules.yml" >"$dir/rules"
promtool test rules "$root/tests/data/metrics/alerts.yml" >"$dir/alerts"

in_netns "$fabric_ns" ip link set lo up
hosts 1 2
config_exchange 1 2 | sed \
	-e '/^lans:/i sflow:' \
	-e '/^lans:/i \  agent: 192.0.2.250' \
	-e '/^lans:/i \  collectors: {local: {address: 127.0.0.1}}' \
	-e '/^    mtu: 1500/a \    vlan: 10' | fabric_start
prometheus_start

pings 1 2
# 1 speaks with the address of 2: that is an incident of its own kind, and an alert.
for id in 1 2 3; do
	frames send "$(host_ns 1):eth0" "src=$(host_mac 2)" "dst=$(host_mac 9)" "id=$id"
done
wait_for 10 dropped mac_hijack p1 3

# What is served is good in both dialects, and complete.
fetch "http://$metrics/metrics" >"$dir/plain"
promtool check metrics <"$dir/plain"
fetch -H 'Accept: application/openmetrics-text' "http://$metrics/metrics" >"$dir/open"
expect "last line" "$(tail -n 1 "$dir/open")" '# EOF'
grep -q '^ixfab_matrix_packets_total{from="p1",to="p2",protocol="ipv4"} ' "$dir/plain"
expect "unknown names" "$(unknown_names)" ''
jq -e '.panels | length > 10 and all(.[]; .targets | length > 0)' \
	"$root/monitoring/ixfab.dashboard.json" >/dev/null

# Prometheus has it.
wait_for 10 says 'up{job="ixfab"}' 1
wait_for 10 says 'ixfab_dataplane_up' 1
wait_for 10 says 'ixfab_port_drop_packets_total{port="p1",reason="mac_hijack"}' 3
says 'ixfab_port_up * on (port) group_left (member) ixfab_port_info{member="Member 2"}' 1
says 'sum(ixfab_matrix_packets_total) == bool
	sum(ixfab_port_transmit_packets_total) - sum(ixfab_port_injected_packets_total)' 1
wait_for 10 says 'ALERTS{alertname="IxfabIncident",alertstate="firing",port="p1"}' 1
fails ask 'ALERTS{alertname="IxfabDataplaneDown"}'

# The file has the same, and is good as well.
has_file() {
	grep -q '^ixfab_port_drop_packets_total{port="p1",reason="mac_hijack",direction="in"} 3$' \
		"$file"
}
wait_for 5 has_file
promtool check metrics <"$file"
fails grep -q ixfab_matrix "$file"

# Without a dataplane Prometheus is told so.
daemon_stop "$dir/dataplane.pid" KILL
wait_for 10 says 'ixfab_dataplane_up' 0
dataplane_start
wait_for 30 ports_up
wait_for 10 says 'ixfab_dataplane_up' 1

daemon_stop "$dir/control.pid"
[[ ! -e $file ]]
wait_for 10 says 'up{job="ixfab"}' 0
control_start
wait_for 30 ports_up
daemon_stop "$dir/prometheus.pid"
