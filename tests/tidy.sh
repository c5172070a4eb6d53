#!/usr/bin/env bash
# clang-tidy over bot/ and handlers/: tests/tidy.sh BUILD_DIR [FILE...]
# What was clean is not looked at again until the file, a header, the rules or the
# compiler's arguments change: a second run takes seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
shift
tidy=$(command -v clang-tidy-14 || command -v clang-tidy)
clean=$build/tidy
mkdir -p "$clean"

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    mapfile -t files < <(find bot handlers -name '*.c' -o -name '*.cc' | LC_ALL=C sort)
fi
[ ${#files[@]} -gt 0 ] || { echo "there is nothing to look at"; exit 1; }

# All headers count for every file: simple, and wrong only on the safe side.
common=$({ cat .clang-tidy tests/tidy.sh CMakeLists.txt
    find bot handlers "$build"/*.h -name '*.h' -exec cat {} +; "$tidy" --version; } | sha256sum)
one() {
    local file=$1 stamp
    stamp=$clean/$({ echo "$common"; cat "$file"; } | sha256sum | cut -c 1-32)
    [ ! -e "$stamp" ] || return 0
    if "$tidy" -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$file" \
        >"$stamp.out" 2>/dev/null && ! grep -qE ': (warning|error):' "$stamp.out"; then
        mv "$stamp.out" "$stamp"
    else
        cat "$stamp.out"
        rm -f "$stamp.out"
        echo "not clean: $file"
        return 1
    fi
}
export -f one
export build tidy clean common
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'one "$1"' one
echo "clean: ${#files[@]} files"
