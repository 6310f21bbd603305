#!/usr/bin/env bash
# What a user waits for and what the disk pays, one row each:
#   clean release build (crates fetched, empty target folder), number of crates, size of the binary,
#   time from start to first data against a real broker;
#   size L on three real brokers: refresh, /metrics, memory, requests, beside klag-exporter
#   (dev/bench/size_l.sh, which says what takes how long and can be called alone);
#   the collector from 12,000 to 1,000,000 partitions (dev/bench/scale.sh);
#   the store: steady ingest, bytes a row beside DuckDB, Parquet and MergeTree (dev/bench/store.sh).
# The build takes minutes; WEIR_BENCH_SKIP_BUILD=1 measures the rest with the binary there is.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/weir-bench.XXXXXX")
trap 'stop_server; dev/kafka/cluster.sh down --dir "$scratch/kafka" 2>/dev/null || true; rm -rf "$scratch"' EXIT

row() { printf '%-34s %12s   %s\n' "$1" "$2" "$3"; }
now_ms() { date +%s%3N; }
stop_server() { [ -z "${server:-}" ] || { kill "$server" 2>/dev/null && wait "$server"; } 2>/dev/null || true; server=; }

build() {
  dev/ui.sh
  cargo fetch --locked --quiet
  local began; began=$(now_ms)
  CARGO_TARGET_DIR=$scratch/target cargo build --release --locked --offline --quiet -p weir
  row "clean release build" "$(((($(now_ms) - began) + 500) / 1000)) s" "$(nproc) cores, aim under 300 s"
  weir=$scratch/target/release/weir
}

# From the start of the process until the first cluster is in an answer.
first_data() {
  local reason
  if ! reason=$(dev/kafka/cluster.sh check); then
    row "start to first data" "skipped" "$reason"
    return
  fi
  dev/kafka/cluster.sh up --brokers 1 --dir "$scratch/kafka" >/dev/null
  # shellcheck disable=SC1091
  . "$scratch/kafka/env"
  local times=() run began port
  for run in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    began=$(now_ms)
    WEIR_CREDENTIALS=$scratch/credentials.json "$weir" serve --listen 127.0.0.1:$port \
      --data "$scratch/data-$run" --kafka "$WEIR_TEST_KAFKA" >/dev/null 2>"$scratch/log" &
    server=$!
    until curl -sf "http://127.0.0.1:$port/api/v1/clusters" 2>/dev/null | grep -q '"broker_count":1'; do
      [ $(($(now_ms) - began)) -lt 60000 ] || { cat "$scratch/log" >&2; exit 1; }
    done
    times+=($(($(now_ms) - began)))
    stop_server
  done
  row "start to first data" "$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p) ms" "median of 5, one real broker"
}

weir=${CARGO_TARGET_DIR:-target}/release/weir
[ -n "${WEIR_BENCH_SKIP_BUILD:-}" ] || build
row "crates in the binary" "$(cargo tree --locked -p weir -e normal --prefix none --no-dedupe --format '{p}' | sort -u | grep -vc "($root")" "not counting our own"
row "stripped binary" "$(($(stat -c %s "$weir") / 1024 / 1024)) MiB" "aim under 40 MiB"
first_data
stop_server
WEIR_BENCH_BIN=$weir dev/bench/size_l.sh
dev/bench/scale.sh
dev/bench/store.sh
