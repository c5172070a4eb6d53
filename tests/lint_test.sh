#!/usr/bin/env bash
# Proves that tests/lint.sh can fail: one planted breach of each rule in a small tree
# must be found, and the tree without it must pass.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
lint=$PWD/tests/lint.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0 planted=0

fresh() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree"/bot/{base,text,store/sql/migrate,net,core,transport} "$tree"/handlers
    for layer in base text store net core transport; do
        echo '#include "bot/base/arena.h"' >"$tree/bot/$layer/a.c"
    done
    cat >"$tree/handlers/touch.c" <<'C'
/* time( and malloc( in a comment are no breach, nor is a whole English sentence. */
#include "bot/core/command.h"
static const char *const key = "touch.logged"; // sprintf(
static const char *const words = "sqlite3_open( malloc( time(";
C
    echo 'insert into note_text values (1);' >"$tree/bot/store/sql/notes.sql"
    echo '-- note_text is only mentioned' >"$tree/bot/store/sql/other.sql"
}
expect() { # FILE TEXT MESSAGE: the text at the end of the file is found
    fresh
    mkdir -p "$tree/$(dirname "$1")"
    printf '%b\n' "$2" >>"$tree/$1"
    planted=$((planted + 1))
    local said
    if said=$("$lint" "$tree" 2>&1); then
        echo "not found: $2 in $1"
        failed=1
    elif ! grep -qF "$3" <<<"$said" || [ "$(wc -l <<<"$said")" -ne 1 ]; then
        echo "found something else for $2 in $1: $said"
        failed=1
    fi
}

fresh
if ! said=$("$lint" "$tree" 2>&1); then
    echo "the tree without a breach does not pass: $said"
    failed=1
fi

expect bot/core/a.c '#include <xlsxwriter.h>' 'libcsv and libxlsxwriter are behind bot/text'
expect handlers/a.c 'void f(void) { workbook_new("a"); }' 'libcsv and libxlsxwriter are behind bot/text'
expect bot/base/a.c '#include "bot/text/fold.h"' 'base must not include'
expect bot/text/a.c '#include "bot/store/db.h"' 'text must not include'
expect bot/store/a.c '#include "bot/text/fold.h"' 'store must not include'
expect bot/net/a.c '#include "bot/core/event.h"' 'net must not include'
expect bot/core/a.c '#include "bot/net/serve.h"' 'core must not include'
expect bot/core/a.c '#include "bot/transport/web.h"' 'core must not include'
expect bot/core/a.c '#include "handlers/touch.h"' 'core must not include'
expect bot/transport/a.c '#include "bot/core/engine.h"' 'transport must not include'
expect bot/transport/a.c '#include "bot/store/db.h"' 'transport must not include'
expect handlers/touch.c '#include "bot/net/loop.h"' 'handlers must not include'
expect handlers/touch.c '#include "bot/transport/web.h"' 'handlers must not include'
expect bot/utils/a.c 'int x;' 'is no layer'
expect bot/core/a.c '#include <sqlite3.h>' 'SQLite'
expect handlers/touch.c 'void f(void) { sqlite3_open(a, b); }' 'SQLite'
expect bot/core/a.c '#include <unicode/ucal.h>' 'ICU'
expect bot/core/a.c 'int x = ucal_open(a);' 'ICU'
expect bot/transport/a.c '#include <libwebsockets.h>' 'libwebsockets'
expect bot/transport/a.c 'int x = lws_write(a);' 'libwebsockets'
expect bot/core/a.c 'int x = curl_easy_init();' 'libwebsockets'
expect bot/core/a.c '#include <pango/pangocairo.h>' 'cairo'
expect bot/core/a.c 'void f(void) { cairo_fill(c); }' 'cairo'
expect bot/net/a.c '#include <openssl/evp.h>' 'libcrypto'
expect bot/core/a.c 'int x = RAND_bytes(a);' 'libcrypto'
expect bot/core/a.c 'int x = json_object_get(a);' 'JSON'
expect bot/core/a.c 'char *p = malloc(3);' 'memory'
expect handlers/touch.c 'char *p = strdup(q);' 'memory'
expect bot/text/a.c 'int x = strcpy(a, b);' 'does not know'
expect bot/base/a.c 'int x = sprintf(a, b);' 'does not know'
expect bot/core/a.c 'int x = strtok(a, b);' 'does not know'
expect bot/core/a.c 'int x = atoi(a);' 'does not know'
expect bot/core/a.c 'long t = time(NULL);' 'time comes'
expect bot/base/a.c 'int t = gettimeofday(a);' 'time comes'
expect bot/net/a.c 'int t = clock_gettime(a, b);' 'time comes'
expect handlers/touch.c 'const char *s = "the deal was moved";' 'a sentence'
expect bot/store/sql/deals.sql 'select text from note_text;' 'note_text'
expect bot/store/a.c 'const char *s = "select text from note_text";' 'note_text'
expect bot/core/a.c "$(for _ in $(seq 601); do printf 'int x;\\n'; done)" 'past 600 lines'

[ $failed -eq 0 ] && echo "$planted breaches planted, all found"
exit $failed
