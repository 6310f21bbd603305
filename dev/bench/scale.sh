#!/usr/bin/env bash
# What a cycle of the collector costs as the cluster grows, one row a size: simulated clusters of
# 12,000, 100,000 and 1,000,000 partitions, each a process of its own, so that CPU and memory are the
# client's and the collector's alone. Linear means the same CPU a partition in every row; the last
# column compares with the first row.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
cargo build --release --locked --quiet -p weir-sim --example cycle
cycle=${CARGO_TARGET_DIR:-target}/release/examples/cycle

echo "a fast cycle of the collector, CPU in user and system time"
printf '%10s %8s %9s %10s %9s %9s %9s %12s %10s\n' \
  partitions brokers events median user system memory 'a partition' 'to first'
for size in large 100k million; do
  "$cycle" "$size" summary
done | awk '
  { each = ($7 + $8) * 1000 / $3; if (NR == 1) first = each
    printf "%10d %8d %9d %7d ms %6d ms %6d ms %6d MB %9.2f us %9.2fx\n", $3, $2, $4, $6, $7, $8, $9, each, each / first
    fflush() }'
