#!/usr/bin/env bash
# Size L on real brokers, one row each: 1,500 topics of 8 partitions on three brokers, 2,000 groups,
# 50 of them live and half of these by the new protocol (KIP-848). Brokers and clients on the first
# core, what watches them on the second.
#
#   size_l.sh            every row group
#   size_l.sh GROUP…     only these: refresh scrape requests churn peer
#
#   refresh    time of a cycle, CPU and memory        scrape   /metrics: 100 scrapes after 3 warm-ups
#   requests   a cycle's, in the brokers' own logs     churn    memory while 5 % of topics and groups
#   peer       klag-exporter, the same rows                     are replaced each cycle
#
# WEIR_BENCH_BIN is the binary (default: the release build), WEIR_BENCH_CYCLES the churn's cycles
# (default 500, about half an hour), WEIR_BENCH_INTERVAL the seconds between them (default 4).
# WEIR_BENCH_KAFKA is the folder of a cluster of this size that runs already and is left running;
# without it one is started and filled, which takes some minutes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
weir=${WEIR_BENCH_BIN:-${CARGO_TARGET_DIR:-$root/target}/release/weir}
cycles=${WEIR_BENCH_CYCLES:-500}
interval=${WEIR_BENCH_INTERVAL:-4}
cache=${WEIR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir}
klag_version=0.1.29
size=(--name fill --topics 1450 --partitions 8 --groups 1950)
brokers_core=0
watcher_core=1
ticks=$(getconf CLK_TCK)

scratch=$(mktemp -d "${TMPDIR:-/tmp}/weir-size-l.XXXXXX")
kafka=${WEIR_BENCH_KAFKA:-$scratch/kafka}
trap 'stop_all; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

row() { printf '%-38s %14s   %s\n' "$1" "$2" "$3"; }
skip() { row "$1" skipped "$2"; }
now_ms() { date +%s%3N; }

stop() { [ -z "${1:-}" ] || { kill "$1" 2>/dev/null && wait "$1"; } 2>/dev/null || true; }
stop_all() {
  stop "${watcher:-}"; stop "${churn:-}"; stop "${fill:-}"
  [ -n "${WEIR_BENCH_KAFKA:-}" ] || "$root/dev/kafka/cluster.sh" down --dir "$kafka" 2>/dev/null || true
}

java_client() {   # at most so much heap, then the words of Fill.java
  local heap=$1; shift
  exec taskset -c $brokers_core java "-Xmx$heap" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    "-Dlog4j2.configurationFile=$root/dev/kafka/log4j2.xml" -cp "$WEIR_TEST_KAFKA_LIBS/*" "$@"
}

start_cluster() {
  if [ -n "${WEIR_BENCH_KAFKA:-}" ]; then
    # shellcheck disable=SC1091
    . "$kafka/env"
    return
  fi
  WEIR_KAFKA_HEAP=1g WEIR_KAFKA_REQUESTS=INFO taskset -c $brokers_core \
    "$root/dev/kafka/cluster.sh" up --brokers 3 --request-log --dir "$kafka" >/dev/null
  # shellcheck disable=SC1091
  . "$kafka/env"
  local began; began=$(now_ms)
  java_client 512m "$root/dev/kafka/Fill.java" --bootstrap "$WEIR_TEST_KAFKA" "${size[@]}" --live 50 \
    >"$scratch/fill" 2>"$scratch/fill.log" &
  fill=$!
  until grep -q filled "$scratch/fill"; do
    kill -0 $fill 2>/dev/null || { cat "$scratch/fill.log" >&2; exit 1; }
    sleep 0.5
  done
  sleep 10   # the last members join
  row "filling the cluster" "$((($(now_ms) - began) / 1000)) s" "12,000 partitions, 2,000 groups"
}

# --- what is measured of any watcher -------------------------------------------------------------

memory_mb() { awk -v key="$2:" '$1 == key { printf "%d", $2 / 1024 }' "/proc/$1/status"; }
cpu_ms() { sed 's/.*) //' "/proc/$1/stat" | awk -v ticks="$ticks" '{ printf "%d", ($12 + $13) * 1000 / ticks }'; }
# Weir's own series come first: the rest of the page is not read.
metric() { { curl -sf --max-time 20 "$url/metrics" || true; } | awk -v name="$1" 'index($1, name) == 1 { print $2; exit }'; }

# Lines of numbers to `median` or to the nearest-rank percentile.
percentile() { sort -g | awk -v share="$1" '{ v[NR] = $1 } END { n = int(NR * share + 0.9999); if (n < 1) n = 1; print v[n] }'; }

scrapes() {   # times in ms of 100 scrapes after 3 warm-ups, by a scraper that is not on the watcher's core
  curl -sf -o "$scratch/page" "$url/metrics"
  local nth
  for nth in $(seq 103); do
    taskset -c $brokers_core curl -sf -o /dev/null -w '%{time_total}\n' "$url/metrics" || echo 99
  done | tail -n 100 | awk '{ printf "%.1f\n", $1 * 1000 }' >"$scratch/times"
}

scrape_rows() {
  scrapes
  row "$1 /metrics, median" "$(percentile 0.5 <"$scratch/times") ms" "$(($(stat -c %s "$scratch/page") / 1024)) KiB, $(grep -vc '^#' "$scratch/page") series"
  row "$1 /metrics, p99" "$(percentile 0.99 <"$scratch/times") ms" "of 100, slowest $(percentile 1 <"$scratch/times") ms${2:+; $2}"
}

set_request_log() {
  local id
  for id in 1 2 3; do
    (java_client 128m kafka.admin.ConfigCommand --bootstrap-server "$WEIR_TEST_KAFKA" --alter \
      --entity-type broker-loggers --entity-name $id --add-config "kafka.request.logger=$1") >/dev/null
  done
}

# Requests under a client id while the log is on; what brokers forward to the controller counts once.
answered() { cat "$kafka"/broker-*/requests.log | grep -F "\"clientId\":\"$1\"" | grep -vcF '"isForwarded":true' || true; }

# --- weir ----------------------------------------------------------------------------------------

start_weir() {   # with so many seconds between cycles
  cat >"$scratch/weir.yaml" <<YAML
store: {memory_limit: 64MiB}
sources:
  - kafka: {name: l, bootstrap: [$WEIR_TEST_KAFKA], interval: ${1}s}
YAML
  local port=$((20000 + RANDOM % 12000))
  url=http://127.0.0.1:$port
  rm -rf "$scratch/data"
  WEIR_CREDENTIALS=$scratch/credentials.json taskset -c $watcher_core "$weir" serve --config "$scratch/weir.yaml" \
    --listen "127.0.0.1:$port" --data "$scratch/data" >/dev/null 2>"$scratch/weir.log" &
  watcher=$!
  local began; began=$(now_ms)
  until [ "$(metric weir_source_cycles_total)" -ge 1 ] 2>/dev/null; do
    kill -0 $watcher 2>/dev/null && [ $(($(now_ms) - began)) -lt 120000 ] || { cat "$scratch/weir.log" >&2; exit 1; }
    sleep 0.2
  done
}

# Waits for the cycle after the given number; prints its number.
next_cycle() {
  local count
  until count=$(metric weir_source_cycles_total) && [ -n "$count" ] && [ "$count" -gt "$1" ]; do sleep 0.2; done
  echo "$count"
}

refresh_rows() {
  start_weir 5
  local at began_cpu began_cycle nth
  at=$(next_cycle 2); began_cycle=$at; began_cpu=$(cpu_ms $watcher)
  for nth in $(seq 10); do
    at=$(next_cycle "$at")
    metric weir_source_cycle_seconds
  done | awk '{ printf "%.0f\n", $1 * 1000 }' >"$scratch/times"
  at=$(metric weir_source_cycles_total)
  weir_refresh=$(percentile 0.5 <"$scratch/times")
  weir_cpu=$((($(cpu_ms $watcher) - began_cpu) / (at - began_cycle)))
  weir_rss=$(memory_mb $watcher VmRSS)
  row "weir refresh, median of 10" "$weir_refresh ms" "aim under 3,000; slowest $(percentile 1 <"$scratch/times") ms"
  row "weir CPU a cycle" "$weir_cpu ms" "storing included"
  row "weir memory" "$weir_rss MB" "aim under 100; $(($(metric weir_store_memory_bytes) >> 20)) MB of it are stored events; at most so far $(memory_mb $watcher VmHWM) MB"
  row "weir completeness" "$(metric weir_source_completeness)" "$(metric weir_store_series) series stored"
}

weir_request_row() {
  local before after at
  set_request_log DEBUG
  before=$(answered weir)
  at=$(next_cycle "$(metric weir_source_cycles_total)")
  before=$(answered weir); began=$at
  for _ in 1 2 3 4 5; do at=$(next_cycle "$at"); done
  sleep 1
  after=$(answered weir)
  set_request_log INFO
  weir_requests=$(((after - before) / (at - began)))
  row "weir requests a cycle" "$weir_requests" "at the brokers; allowed are 2 + 6 x 3 and a share of the slow cycle"
}

churn_rows() {
  start_weir "$interval"
  java_client 512m "$root/dev/kafka/Fill.java" --bootstrap "$WEIR_TEST_KAFKA" "${size[@]}" \
    --churn-percent 5 --churn-every-ms $((interval * 1000)) >"$scratch/churn" 2>&1 &
  churn=$!
  local at=2 first
  at=$(next_cycle 2); first=$at
  while [ $((at - first)) -lt "$cycles" ]; do
    kill -0 $churn 2>/dev/null || { tail -n 5 "$scratch/churn" >&2; break; }
    at=$(next_cycle "$at")
    echo "$at $(memory_mb $watcher VmRSS) $(metric weir_store_memory_bytes) $(metric weir_source_cycle_seconds)"
  done >"$scratch/memory"
  local last; last=$(tail -n 1 "$scratch/memory" | cut -d' ' -f1)
  row "weir churn" "$((last - first)) cycles" "$(grep -c churned "$scratch/churn" || true) times 5 % of topics and groups replaced"
  # The first third fills caches and the store; what comes after must be flat.
  awk -v first="$first" -v last="$last" '
    $1 >= first + (last - first) / 3 { n++; x += $1; y += $2; xx += $1 * $1; xy += $1 * $2; s += $3; if ($2 > max) max = $2 }
    END { d = n * xx - x * x; printf "%.0f %.2f %.0f %.0f\n", y / n, d ? 100 * (n * xy - x * y) / d : 0, max, s / n / 1048576 }
  ' "$scratch/memory" >"$scratch/fit"
  read -r mean slope most stored <"$scratch/fit"
  row "weir memory in the churn" "$mean MB" "at most $most MB; $stored MB of it are stored events, of at most 64"
  row "weir memory, slope" "$slope MB" "per 100 cycles, over the last two thirds"
  row "weir refresh in the churn, median" "$(cut -d' ' -f4 "$scratch/memory" | awk '{ printf "%.0f\n", $1 * 1000 }' | percentile 0.5) ms" ""
  [ -z "${WEIR_BENCH_KEEP:-}" ] || cp "$scratch/memory" "$WEIR_BENCH_KEEP"
  stop $churn; churn=
}

# --- klag-exporter -------------------------------------------------------------------------------

why_no_peer() {
  [ -x "$cache/klag-exporter/bin/klag-exporter" ] && return
  command -v cmake >/dev/null || { echo "install cmake to build klag-exporter"; return; }
  [ -e /usr/include/openssl/ssl.h ] || { echo "install libssl-dev to build klag-exporter"; return; }
  [ -e "$(cc -print-multiarch 2>/dev/null | sed 's,^,/usr/include/,')/curl/curl.h" ] || [ -e /usr/include/curl/curl.h ] ||
    { echo "install libcurl4-openssl-dev to build klag-exporter"; return; }
  [ -e /usr/include/sasl/sasl.h ] || { echo "install libsasl2-dev to build klag-exporter"; return; }
  echo "building klag-exporter $klag_version" >&2
  (unset CARGO_TARGET_DIR; cargo install klag-exporter --version $klag_version --locked --quiet --root "$cache/klag-exporter") >&2 ||
    echo "klag-exporter $klag_version does not build here"
}

start_peer() {
  local port=$((20000 + RANDOM % 12000))
  url=http://127.0.0.1:$port
  cat >"$scratch/klag.toml" <<TOML
[exporter]
poll_interval = "10s"
http_port = $port
http_host = "127.0.0.1"
granularity = "partition"
[exporter.timestamp_sampling]
enabled = true
mode = "rate"
[[clusters]]
name = "l"
bootstrap_servers = "$WEIR_TEST_KAFKA"
topic_whitelist = [".*"]
group_whitelist = [".*"]
[clusters.consumer_properties]
"client.id" = "klag"
TOML
  taskset -c $watcher_core "$cache/klag-exporter/bin/klag-exporter" --config "$scratch/klag.toml" >"$scratch/klag.log" 2>&1 &
  watcher=$!
}

# Nothing before its first cycle is over.
peer_cycle_secs() { metric kafka_lag_exporter_scrape_duration_seconds | awk '$1 > 0'; }

peer_rows() {
  local reason; reason=$(why_no_peer)
  [ -z "$reason" ] || { skip "klag-exporter" "$reason"; return; }
  start_peer
  local began took=() cpu; began=$(now_ms)
  until [ -n "$(peer_cycle_secs)" ]; do
    kill -0 $watcher 2>/dev/null && [ $(($(now_ms) - began)) -lt 300000 ] ||
      { skip "klag-exporter" "$(tail -n 1 "$scratch/klag.log")"; return; }
    sleep 0.5
  done
  row "klag-exporter start to first data" "$(($(now_ms) - began)) ms" ""
  cpu=$(cpu_ms $watcher); began=$(now_ms)
  local seen="" value
  while [ ${#took[@]} -lt 5 ] && [ $(($(now_ms) - began)) -lt 240000 ]; do
    value=$(peer_cycle_secs)
    if [ -n "$value" ] && [ "$value" != "$seen" ]; then took+=("$value"); seen=$value; fi
    sleep 0.5
  done
  local refresh cpu_cycle rss
  refresh=$(printf '%s\n' "${took[@]}" | awk '{ printf "%.0f\n", $1 * 1000 }' | percentile 0.5)
  cpu_cycle=$((($(cpu_ms $watcher) - cpu) / ${#took[@]}))
  rss=$(memory_mb $watcher VmRSS)
  row "klag-exporter refresh, median of ${#took[@]}" "$refresh ms" "$(ratio "$refresh" "${weir_refresh:-}")"
  row "klag-exporter CPU a cycle" "$cpu_cycle ms" "$(ratio "$cpu_cycle" "${weir_cpu:-}")"
  row "klag-exporter memory" "$rss MB" "$(ratio "$rss" "${weir_rss:-}"); at most $(memory_mb $watcher VmHWM) MB; it stores nothing"
  scrape_rows klag-exporter
  set_request_log DEBUG
  local before; before=$(answered klag); began=$(now_ms)
  sleep 60
  value=$((($(answered klag) - before) * 10000 / ($(now_ms) - began)))
  set_request_log INFO
  row "klag-exporter requests a cycle" "$value" "$(ratio "$value" "${weir_requests:-}"); at the brokers, in ten of a minute's seconds"
  stop $watcher; watcher=
}

ratio() { [ -z "$2" ] && echo "" || awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.1f times weir'"'"'s", a / b }'; }

# -------------------------------------------------------------------------------------------------

if ! reason=$("$root/dev/kafka/cluster.sh" check); then skip "size L" "$reason"; exit 0; fi
[ "$(nproc)" -ge 2 ] || { skip "size L" "needs two cores"; exit 0; }
[ -x "$weir" ] || { skip "size L" "$weir is not there: make build"; exit 0; }
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(refresh scrape requests churn peer)
start_cluster
for group in "${wanted[@]}"; do
  case $group in
    refresh) refresh_rows ;;
    scrape) [ -n "${watcher:-}" ] || start_weir 5; scrape_rows weir "aim under 100 ms" ;;
    requests) [ -n "${watcher:-}" ] || start_weir 5; weir_request_row; stop "$watcher"; watcher= ;;
    churn) stop "${watcher:-}"; churn_rows; stop "$watcher"; watcher= ;;
    peer) stop "${watcher:-}"; peer_rows ;;
    *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
