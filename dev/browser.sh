#!/usr/bin/env bash
# Exit 0 when there is a Chromium for the browser tests. Installs Debian's where it may.
set -euo pipefail

has_browser() {
  [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] || command -v chromium >/dev/null
}

has_browser && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "browser: installing Debian's chromium" >&2
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true
fi
has_browser
