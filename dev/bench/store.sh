#!/usr/bin/env bash
# The store alone, a row or a small table each:
#
#   store.sh             every group
#   store.sh GROUP…      only these: steady sizes
#
#   steady    200,000 events/s for a minute from 4 callers: acknowledgement, memory, processors,
#             beside the disk's own fdatasync
#   sizes     bytes a row of Weir's own samples, everything counted, beside DuckDB, Parquet and
#             ClickHouse's MergeTree (embedded: chDB); and how fast they went in
#
# WEIR_BENCH_DATA is a folder with a folder of Parquet files for each event type (int64 `timestamp` in
# epoch milliseconds, rows in time order): the sizes of each type are measured too.
# WEIR_BENCH_STORE is a folder to work in (default: a temporary one): measure on the disk that counts.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
cache=${WEIR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir}
packages=(duckdb==2.0.0 chdb==4.4.0 pyarrow==26.0.1 numpy==2.4.6)
scratch=$(mktemp -d "${WEIR_BENCH_STORE:-${TMPDIR:-/tmp}}/weir-store.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

skip() { printf '%-38s %14s   %s\n' "$1" skipped "$2"; }
example() { printf '%s/release/examples/%s' "${CARGO_TARGET_DIR:-target}" "$1"; }

# The peers' Python; a package that can't be had is left out, and its rows say so.
environment() {
  local venv=$cache/python-peers-1
  if [ ! -e "$venv/complete" ]; then
    mkdir -p "$cache"
    python3 -m venv --clear "$venv" >/dev/null || return 1
    local package
    for package in "${packages[@]}"; do
      "$venv/bin/python" -m pip install --quiet "$package" >&2 || true
    done
    "$venv/bin/python" -c 'import numpy, pyarrow' || return 1
    touch "$venv/complete"
  fi
  printf '%s/bin/python' "$venv"
}

steady() {
  cargo build --release --locked --quiet -p weir-store --example steady
  echo "steady ingest: 200,000 events/s, 4 callers, batches of 1,000"
  "$(example steady)" "$scratch/steady" 60 200000 4 | sed 's/^/  /'
  rm -rf "$scratch/steady"
}

sizes() {
  local python kind sources=()
  if ! python=$(environment); then
    skip "bytes a row beside others" "python3 with venv, numpy and pyarrow is needed"
    return
  fi
  cargo build --release --locked --quiet -p weir-store --example measure
  cargo build --release --locked --quiet -p weir-sim --example samples
  "$(example samples)" small 480 >"$scratch/own.jsonl"
  sources+=("own samples=$scratch/own.jsonl")
  if [ -n "${WEIR_BENCH_DATA:-}" ]; then
    for kind in "$WEIR_BENCH_DATA"/*/; do
      mkdir -p "$scratch/data/$(basename "$kind")"
      ln -s "$(realpath "$kind")" "$scratch/data/$(basename "$kind")/"
      sources+=("$(basename "$kind")=$scratch/data/$(basename "$kind")")
    done
  else
    skip "bytes a row of other data" "WEIR_BENCH_DATA names none"
  fi
  mkdir "$scratch/sizes"
  "$python" dev/bench/store_sizes.py "$(example measure)" "$scratch/sizes" "${sources[@]}"
}

[ $# -gt 0 ] || set -- steady sizes
for group in "$@"; do
  case $group in
    steady | sizes) $group ;;
    *) echo "store.sh: \`$group\` is none of steady, sizes" >&2; exit 2 ;;
  esac
done
