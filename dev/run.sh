#!/usr/bin/env bash
# Builds Weir and starts it in the foreground.
#
#   KAFKA=host:port[,…]   watch this cluster
#   CONFIG=weir.yaml      watch what the file says
#   (neither)             start a local Apache Kafka with a little traffic and watch that
#   LISTEN, DATA          where to listen, where to keep data
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

dev/ui.sh
echo "weir: building the release binary (the first time takes some minutes)" >&2
cargo build --release --locked -p weir
weir=${CARGO_TARGET_DIR:-target}/release/weir

args=(serve)
[ -z "${LISTEN:-}" ] || args+=(--listen "$LISTEN")
[ -z "${DATA:-}" ] || args+=(--data "$DATA")

if [ -n "${KAFKA:-}" ]; then
  exec "$weir" "${args[@]}" --kafka "$KAFKA"
fi
if [ -n "${CONFIG:-}" ]; then
  exec "$weir" "${args[@]}" --config "$CONFIG"
fi
if ! reason=$(dev/kafka/cluster.sh check); then
  echo "weir: no local Kafka: $reason" >&2
  echo "weir: starting without a source; watch a cluster with: make run KAFKA=host:port" >&2
  exec "$weir" "${args[@]}"
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/weir-run.XXXXXX")
stop() {
  # The traffic ends first, so that it does not complain about brokers that went away.
  [ -z "${traffic:-}" ] || { kill "$traffic" 2>/dev/null && wait "$traffic" 2>/dev/null; } || true
  dev/kafka/cluster.sh down --dir "$dir/kafka" || true
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
dev/kafka/cluster.sh up --brokers 1 --dir "$dir/kafka" >/dev/null
# shellcheck disable=SC1091
. "$dir/kafka/env"
setsid dev/kafka/cluster.sh traffic --dir "$dir/kafka" </dev/null >"$dir/traffic.log" 2>&1 &
traffic=$!
# Data of a cluster that is gone tomorrow is not kept beside that of real ones.
[ -n "${DATA:-}" ] || args+=(--data "$dir/data")
"$weir" "${args[@]}" --kafka "$WEIR_TEST_KAFKA" &
server=$!
trap 'kill -TERM $server 2>/dev/null; wait $server; exit 130' INT TERM
wait $server
