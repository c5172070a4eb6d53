#!/usr/bin/env bash
# The transcript that README.md shows is a real one: each of its blocks stands, line by
# line, in the transcript that the README names above it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
file=$(sed -n 's/^<!-- \(tests\/conversations\/.*\.chat\) -->$/\1/p' README.md)
[ -n "$file" ] || { echo "README.md names no transcript" >&2; exit 1; }
shown=$(awk '/^<!-- tests\/conversations/ { on = 1; next } on && /^```/ { if (in_block) exit; in_block = 1; next } in_block' README.md)
[ "$(printf '%s\n' "$shown" | wc -l)" -ge 10 ] || { echo "README.md shows no transcript" >&2; exit 1; }
whole=$(cat "$file")
case "$whole" in
*"$shown"*) ;;
*)
    echo "README.md shows what $file does not say:" >&2
    diff <(printf '%s\n' "$shown") "$file" >&2 || true
    exit 1
    ;;
esac
