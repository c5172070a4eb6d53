#!/usr/bin/env bash
# The house's own rules, those that no compiler checks. tests/lint.sh [DIR] looks at
# bot/ and handlers/ of this checkout, or of DIR; tests/lint_test.sh proves each rule.
set -euo pipefail
root=${1:-$(dirname "${BASH_SOURCE[0]}")/..}
cd "$root"
shopt -s nullglob globstar

# What each layer may include, besides itself and the system's headers.
declare -A may_include=(
    [base]=''
    [text]='bot/base/'
    [store]='bot/base/ sql_table.h'
    [net]='bot/base/'
    [draw]='bot/base/'
    [core]='bot/base/ bot/text/ bot/store/ sql_table.h handlers/handlers.h'
    [transport]='bot/base/ bot/text/ bot/net/ bot/core/event.h'
    [handlers]='bot/base/ bot/core/ bot/store/ bot/text/ bot/draw/chart.h'
    [main]='bot/ handlers/'
)

failed=0
complain() { # FILE:LINE RULE
    echo "$1: $2"
    failed=1
}
layer_of() {
    case $1 in
    bot/*/*) layer=${1#bot/} layer=${layer%%/*} ;;
    bot/*) layer=main ;;
    *) layer=handlers ;;
    esac
}
# Comments and the contents of strings become spaces, so that words in them are free.
code_of() {
    perl -0777 -pe 's{(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*")}{
        my $s = $1 // $2; my $q = defined $2; $s =~ s/[^\n]/ /g;
        $q ? "\"" . substr($s, 2) . "\"" : $s }gse' "$1"
}

sources=(bot/**/*.{c,h,cc} handlers/**/*.{c,h})
[ ${#sources[@]} -gt 0 ] || { echo "there is nothing to look at"; exit 1; }

for file in "${sources[@]}"; do
    layer_of "$file"
    name=${file##*/}
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || complain "$file:$lines" "past 600 lines a file is two"

    # Layers.
    if [ -z "${may_include[$layer]+known}" ]; then
        complain "$file:1" "bot/$layer is no layer: tests/lint.sh has the table"
    else
        while IFS=: read -r line include; do
            [[ $include == "bot/$layer/"* || ( $layer == handlers && $include == handlers/* ) ]] && continue
            [[ $include != */* && -e ${file%/*}/$include ]] && continue
            allowed=no
            for prefix in ${may_include[$layer]}; do
                [[ $include == "$prefix"* ]] && allowed=yes
            done
            [ $allowed = yes ] || complain "$file:$line" "$layer must not include \"$include\""
        done < <(perl -ne 'print "$.:$1\n" if /^\s*#\s*include\s+"([^"]+)"/' "$file")
    fi

    # Third parties, each behind one door. One pattern and one message a rule.
    code=$(code_of "$file")
    rule() { # PATTERN MESSAGE
        local hit
        while IFS= read -r hit; do
            complain "$file:${hit%%:*}" "$2"
        done < <(grep -nP "$1" <<<"$code" || true)
    }
    [ "$layer" = store ] ||
        rule '\bsqlite3_\w+\s*\(|#\s*include\s*<sqlite3' 'SQLite is behind bot/store'
    [ "$layer" = text ] ||
        rule '#\s*include\s*<unicode/|\bu(|brk|cal|char|col|dat|enum|loc|msg|norm2?|num|res|str|text)_\w+\s*\(' \
            'ICU is behind bot/text'
    [ "$layer" = text ] ||
        rule '#\s*include\s*<(csv|xlsxwriter)\b|\b(csv_init|csv_parse|workbook_\w+|worksheet_\w+)\s*\(' \
            'libcsv and libxlsxwriter are behind bot/text'
    [ "$layer" = net ] ||
        rule '#\s*include\s*<(libwebsockets|curl/)|\b(lws|curl(_easy|_multi|_global|_url)?)_\w+\s*\(' \
            'libwebsockets and curl are behind bot/net'
    [ "$layer" = draw ] ||
        rule '#\s*include\s*<(cairo|pango/)|\b(cairo|pango(_cairo)?)_\w+\s*\(' \
            'cairo and pango are behind bot/draw'
    [ "$file" = bot/base/crypto.c ] || [ "$file" = bot/base/certificate.c ] ||
        rule '#\s*include\s*<openssl/|\b(EVP|RAND|CRYPTO|PEM|X509)_\w+\s*\(' \
            'libcrypto is behind bot/base/crypto.c and certificate.c'
    [ "$file" = bot/base/json.c ] ||
        rule '\bjson_object_get\s*\(' 'JSON is decoded with tables: json_object_get only in bot/base/json.c'
    # embed.c runs at build time; message.cc hands over what its callers free.
    if [ "$file" != bot/store/embed.c ] && [ "$file" != bot/text/message.cc ] &&
        [ "$layer" != base ]; then
        rule '\b(malloc|calloc|realloc|strdup|strndup)\s*\(' 'memory comes from an arena or xmalloc'
    fi
    [ "$file" = bot/store/embed.c ] ||
        rule '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|atoi|atol|atoll|atof)\s*\(' \
            'this function does not know the size or the error'
    [ "$file" = bot/base/clock.c ] || [ "$file" = bot/base/queue.c ] ||
        rule '\b(time|gettimeofday|clock_gettime|clock|ftime)\s*\(' \
            'time comes from bot/base/clock.h'

    # Handlers name keys; people's sentences live in locales/.
    if [ "$layer" = handlers ]; then
        while IFS=: read -r line text; do
            complain "$file:$line" "a sentence belongs in locales/: $text"
        done < <(perl -0777 -ne 's{(/\*.*?\*/|//[^\n]*)}{my $s=$1; $s =~ s/[^\n]/ /g; $s}gse;
            s{^(\s*#\s*include[^\n]*)}{}gm;
            while (/"((?:\\.|[^"\\\n])*)"/g) {
                my ($s, $at) = ($1, 1 + (substr($_, 0, $-[0]) =~ tr/\n//));
                print "$at:$s\n" if $s =~ /[A-Za-z]{2,}[,;:]? +[A-Za-z]+[,;:]? +[A-Za-z]{2,}/;
            }' "$file")
    fi
done

# People's words: one table, and few files that name it: SQL outside comments, and C in
# the contents of strings.
while IFS=: read -r file line _; do
    case $file in
    bot/store/sql/schema.sql | bot/store/sql/notes.sql | bot/store/sql/migrate/* | bot/store/wall.c | bot/store/embed.c) ;;
    *) complain "$file:$line" 'note_text is read and written in bot/store/sql/notes.sql only' ;;
    esac
done < <(
    grep -nHP '^(?!\s*--).*\bnote_text\b' bot/store/sql/**/*.sql /dev/null || true
    grep -nHP '"[^"]*\bnote_text\b[^"]*"' "${sources[@]}" || true
)

[ $failed -eq 0 ] && echo "clean: ${#sources[@]} files"
exit $failed
