#!/usr/bin/env bash
# How hard a built program is, read from its file: where it may be loaded, what of it may be
# written and run, and the checks that the compiler put into it.
#   tests/hardening.sh PROGRAM PROBE   the first as it was linked, the second also as it was
#                                      compiled (for a release both are the program)
# Shows first that it would notice: a program built without any of it fails each check.
set -euo pipefail
export LC_ALL=C

# Prints one line for each way in which the file is soft.
linked() {
    local head parts links
    head=$(readelf -hW "$1") parts=$(readelf -lW "$1") links=$(readelf -dW "$1")
    grep -q 'Type: *DYN' <<<"$head" || echo 'its addresses are fixed (no PIE)'
    grep -q GNU_RELRO <<<"$parts" || echo 'its tables stay writable (no RELRO)'
    grep -q BIND_NOW <<<"$links" || echo 'its tables are filled late (no BIND_NOW)'
    ! grep -q 'GNU_STACK.*RWE' <<<"$parts" || echo 'its stack may be run'
    ! grep -qE 'RPATH|RUNPATH|TEXTREL' <<<"$links" || echo 'it looks for libraries elsewhere, or writes to its code'
    ! grep -qE '^ *LOAD.* RWE ' <<<"$parts" || echo 'a part of it may be written and run'
}
compiled() {
    local names code
    names=$(readelf -sW --dyn-syms "$1")
    grep -q __stack_chk_fail <<<"$names" || echo 'no canary on its stack'
    grep -qE '__(memcpy|snprintf|vsnprintf|fprintf|printf|read|memset)_chk' <<<"$names" ||
        echo 'its copies are not bounded (no FORTIFY)'
    [ "$(uname -m)" = x86_64 ] || return 0
    code=$(objdump -d --no-show-raw-insn "$1")
    grep -A1 '<main>:' <<<"$code" | grep -q endbr64 || echo 'its functions may be jumped into anywhere (no CET)'
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf '#include <string.h>\n#include <stdio.h>\nint main(int n, char **v) { char b[64]; strcpy(b, v[n - 1]); return puts(b); }\n' >"$dir/soft.c"
gcc -O0 -fno-pie -no-pie -Wl,-z,norelro,-z,lazy,-z,execstack,-rpath,/nowhere -fno-stack-protector -fcf-protection=none \
    -o "$dir/soft" "$dir/soft.c" 2>/dev/null
found=$({ linked "$dir/soft"; compiled "$dir/soft"; } | wc -l)
want=8
[ "$(uname -m)" = x86_64 ] || want=7
[ "$found" -ge "$want" ] || { echo "a soft program passes some checks: $found of $want found"; linked "$dir/soft"; compiled "$dir/soft"; exit 1; }

soft=$(linked "$1" | sed "s|^|${1##*/}: |"; { linked "$2"; compiled "$2"; } | sed "s|^|${2##*/}: |")
[ -z "$soft" ] || { echo "$soft"; exit 1; }

# The unit: as strict as systemd can measure. 0 is best, 10 worst.
if command -v systemd-analyze >/dev/null; then
    systemd-analyze security --offline=true --threshold=15 --no-pager bot/nemawashi.service >"$dir/unit" ||
        { grep -v '^✓' "$dir/unit"; exit 1; }
    tail -n 1 "$dir/unit"
else
    echo 'systemd-analyze is not here: the unit was not measured'
fi
echo "hard: ${1##*/}, ${2##*/}"
