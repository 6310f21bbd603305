#!/usr/bin/env bash
# Builds the web UI into web/dist, only when something changed. Exit 0 without Node too: the binary
# then serves a page that says the UI is missing.
#
#   ui.sh            install packages and build
#   ui.sh install    install packages only
#   ui.sh check      exit 0 when the UI can be built here, else 1 and the reason on one line
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../web"

why_not() {
  command -v node >/dev/null || { echo "node is not on the PATH (Node 20.19 or newer is needed)"; return; }
  command -v npm >/dev/null || { echo "npm is not on the PATH"; return; }
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
           process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    echo "node $(node --version) is too old (Node 20.19 or newer is needed)"
}

install() {
  [ node_modules/.stamp -nt package-lock.json ] && return
  echo "ui: installing packages" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  touch node_modules/.stamp
}

is_built() {
  [ -f dist/index.html ] &&
    [ -z "$(find src public index.html package-lock.json vite.config.ts -newer dist/index.html -print -quit)" ]
}

build() {
  is_built && return
  echo "ui: building" >&2
  npm run --silent build >&2
}

reason=$(why_not)
case ${1:-build} in
  check) [ -z "$reason" ] || { echo "$reason"; exit 1; } ;;
  install) install ;;
  build)
    if [ -n "$reason" ]; then
      echo "ui: not built: $reason" >&2
      exit 0
    fi
    install
    build ;;
  *) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
