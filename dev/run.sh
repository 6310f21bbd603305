#!/usr/bin/env bash
# Builds Weir and starts it in the foreground.
#
#   KAFKA=host:port[,…]   watch this cluster
#   CONFIG=weir.yaml      watch what the file says
#   (neither)             watch a simulated cluster (`weir demo`): needs nothing else installed
#   LISTEN, DATA          where to listen, where to keep data
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

dev/ui.sh
echo "weir: building the release binary (the first time takes some minutes)" >&2
cargo build --release --locked -p weir
weir=${CARGO_TARGET_DIR:-target}/release/weir

if [ -n "${KAFKA:-}" ]; then
  args=(serve --kafka "$KAFKA")
elif [ -n "${CONFIG:-}" ]; then
  args=(serve --config "$CONFIG")
else
  args=(demo)
fi
[ -z "${LISTEN:-}" ] || args+=(--listen "$LISTEN")
[ -z "${DATA:-}" ] || args+=(--data "$DATA")
exec "$weir" "${args[@]}"
