#!/usr/bin/env bash
# Every test, with all the set-up. Stages run in order and the first failure ends the run; the
# times of all stages are printed at the end. What can't run on this machine is named as skipped.
#
#   test.sh              every stage
#   test.sh STAGE…       only these: ui lint rust browser
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
export CARGO_TARGET_DIR=$target

times=()
stage() {
  local name=$1; shift
  local began=$SECONDS
  printf '\n== %s\n' "$name"
  "$@"
  times+=("$(printf '%-10s %4d s' "$name" $((SECONDS - began)))")
}

stage_ui() {
  if ! reason=$(dev/ui.sh check); then
    echo "test ui::all ... skipped ($reason)"
    return
  fi
  dev/ui.sh
  (cd web && npm run --silent lint && npm run --silent typecheck &&
    npm run --silent check:api && npm run --silent test)
}

stage_lint() {
  cargo fmt --all --check
  cargo clippy --workspace --all-targets --locked -- -D warnings
  cargo clippy -p weir -p weir-archive --features weir/parquet --all-targets --locked -- -D warnings
}

# Parquet is in, so that its tests run; `lint` looks at the build without it as well. One three-broker
# cluster serves every test that needs Kafka; it starts after the build, so that the two do not
# fight for the cores.
stage_rust() {
  local args=(--workspace --features weir/parquet --locked)
  cargo test "${args[@]}" --no-run
  if reason=$(dev/kafka/cluster.sh check); then
    dev/kafka/cluster.sh with --brokers 3 --secure -- cargo test "${args[@]}" --no-fail-fast
  else
    echo "kafka: no broker here ($reason): tests against Kafka are reported as ignored, by name"
    cargo test "${args[@]}" --no-fail-fast
  fi
}

stage_browser() {
  if ! reason=$(dev/ui.sh check); then
    echo "test browser::all ... skipped ($reason)"
    return
  fi
  if ! dev/browser.sh; then
    echo "test browser::all ... skipped (no Chromium: install the package \`chromium\` or set CHROMIUM)"
    return
  fi
  dev/ui.sh
  cargo build --locked -p weir --features parquet   # as the tests were built
  (cd web && WEIR_BIN=$target/debug/weir npm run --silent e2e)
}

wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(ui lint rust browser)
for name in "${wanted[@]}"; do
  case $name in
    ui | lint | rust | browser) stage "$name" "stage_$name" ;;
    *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done
printf '\n== times\n'
printf '%s\n' "${times[@]}"
