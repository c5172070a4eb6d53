#!/usr/bin/env bash
# The programs as an operator meets them: what they print, how they end, what they say
# about bad input. tests/programs_test.sh PROGRAM WORK_DIR
set -euo pipefail
program=$(realpath "$1")
root=$PWD
dir=$(mktemp -d "$2/programs-XXXXXX")
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir"
unset "${!NEMAWASHI_@}" "${!SLACK_@}" "${!LINE_@}"
failed=0 tried=0

# STATUS PATTERN ARGUMENT...: the exit status, and a pattern in all that is printed.
must() {
    local want=$1 pattern=$2 got=0
    tried=$((tried + 1))
    "$program" "${@:3}" >out 2>&1 || got=$?
    [ "$got" = "$want" ] && grep -q -- "$pattern" out && return
    echo "nemawashi ${*:3}: status $got, expected $want and '$pattern'"
    cat out
    failed=1
}
chat() { # STATUS PATTERN LINES ARGUMENT...
    printf '%b' "$3" >lines
    must "$1" "$2" chat "${@:4}" <lines
}
start() { # ARGUMENT...: waits for the first line; `url` is the web chat's
    : >served # an earlier server's line is no answer
    "$program" serve --listen 127.0.0.1:0 "$@" >served 2>log &
    server=$!
    until grep -q '^web chat: ' served; do
        kill -0 "$server" 2>/dev/null || { echo "serve $* ended"; cat served log; exit 1; }
        read -rt 0.02 <> <(:) || true
    done
    url=$(sed -n 's/^web chat: //p' served)
}
stop() {
    local got=0
    kill -TERM "$server"
    wait "$server" || got=$?
    server=
    [ "$got" = 0 ] || { echo "serve ended with $got"; cat served log; failed=1; }
}

must 2 'there is no program' nonsense
must 0 'run the bot' --help
must 0 'NEMAWASHI_DB' serve --help
must 1 'add --as' chat --db a.db
must 1 'write 2026-03-02T18:05' chat --db a.db --as kenji --at tomorrow
must 1 'write one like Asia/Tokyo' chat --db a.db --as kenji --zone Asia/Tokio
must 1 'there are en, ja' chat --db a.db --as kenji --locale xx
must 1 'folder exists' chat --db no/a.db --as kenji
chat 0 'Any time' 'thanks\n' --db a.db --as Kenji
chat 1 '--as takes one of: kenji' 'thanks\n' --db a.db --as bob
chat 0 '"code":"chatter.thanks".*"in":2,' '\nthanks\n' --db a.db --as kenji --json
chat 1 '"code":"error.not_utf8"' 'a\xff\n' --db a.db --as kenji --json
chat 1 '16KBまで' "$(printf '%020000d' 0)\n" --db a.db --as kenji --locale ja
NEMAWASHI_SHARE=$dir must 1 'set NEMAWASHI_SHARE' chat --db a.db --as kenji
must 0 '"command": "/nema"' print slack-manifest
must 0 '接点を記録' print slack-manifest --locale ja
must 1 'nemawashi print slack-manifest' print anything
SLACK_BOT_TOKEN=xoxb-1 must 1 'set SLACK_APP_TOKEN' serve --db s.db
SLACK_APP_TOKEN=xapp-1 SLACK_BOT_TOKEN=xoxp-1 must 1 'does not begin with xoxb-' serve --db s.db
SLACK_APP_TOKEN=xapp-1 SLACK_BOT_TOKEN=xoxb-1 SLACK_API_URL=http://slack.example/api/ \
    must 1 'must begin with https://' serve --db s.db
printf 'slack_bot_token = xoxb-1\n' >s.ini && chmod 644 s.ini
must 1 'chmod 600' serve --db s.db --config s.ini
must 0 'haruka is a member' member add Haruka 'Haruka S' rep JP Asia/Tokyo ja --db a.db
must 1 'already' member add haruka 'Haruka S' rep --db a.db
must 1 'is no role' member add jun Jun boss --db a.db
must 0 '^haruka  Haruka S  rep ' member list --db a.db
must 0 'copied and checked' backup copy.db --db a.db
must 1 'name a new file' backup copy.db --db a.db
must 0 '^kenji' member list --db copy.db
[ "$(stat -c %a copy.db)" = 600 ] || { echo 'a backup can be read by others'; failed=1; }
must 0 'the store before is kept as a.db-before-' restore copy.db --db a.db
must 1 'unable to open' restore none.db --db a.db
must 0 '^haruka' member list --db a.db
must 1 'there are: kenji, haruka' link bob --db a.db
must 0 'takes writes' doctor --db a.db
must 0 '^## ' print commands --locale ja
must 0 '^deals.csv,currency,ISO 4217,1' print columns
must 0 ' 0  files/ringi.csv' export files --db a.db
must 0 ' files/members.csv' export files --db a.db --as kenji
[ "$(head -c 24 files/partners.csv)" = id,created_at,changed_at ] || { echo 'partners.csv has another head'; failed=1; }
[ "$(ls -A files | grep -c part$)" = 0 ] || { echo 'export left unfinished files'; failed=1; }
must 1 'takes one of: kenji' export files --db a.db --as bob
must 1 'make the folder' export copy.db/out --db a.db
must 1 'choose another with --db' export files --db none.db
printf '会社名,国\n青葉食品,日本\n' >firms.csv
must 1 'which with --kind' import firms.csv --db a.db
must 0 'nothing was written' import firms.csv --kind customers --dry-run --db a.db
must 0 '1 new, 0 changed' import firms.csv --kind customers --db a.db
must 0 '0 new, 0 changed, 1 as' import firms.csv --kind customers --db a.db
must 1 "can't read 'none.csv'" import none.csv --db a.db
must 1 'choose another with --db' import firms.csv --db none.db
must 1 'is a workbook; save its sheet as CSV' import "$root/tests/import/book.xlsx" --db a.db
printf 'zone = Asia/Seoul\nbogus = 1\n' >a.ini
must 1 "no setting 'bogus'" doctor --config a.ini
printf 'zone = Asia/Seoul\n' >a.ini
must 0 '^zone .*Asia/Seoul (file)' doctor --config a.ini --db a.db
NEMAWASHI_ZONE=Asia/Taipei must 0 '^zone .*Asia/Taipei (environment)' doctor --config a.ini --db a.db
head -c 5000 /dev/zero | tr '\0' x >junk.db
must 1 'choose another with --db' serve --db junk.db --listen 127.0.0.1:0
must 1 'start without --demo' serve --demo --db a.db --listen 127.0.0.1:0
LINE_CHANNEL_SECRET=x must 1 'leave one of them out' serve --demo --db b.db

start --db b.db
grep -q "^log in once within an hour: ${url}login#[0-9a-f]\{64\}$" served ||
    { echo 'no login link on the first start'; cat served; failed=1; }
must 1 "served already by process $server" serve --db b.db --listen 127.0.0.1:0
must 1 'is in use by another program' serve --db c.db --listen "$(sed 's|http://||;s|/$||' <<<"$url")"
must 0 "^log in once within an hour: ${url}login#" link admin --db b.db
must 1 "served already by process $server" restore copy.db --db b.db
chat 0 'Any time' 'thanks\n' --db b.db --as admin
must 0 "process $server at $url" doctor --db b.db
stop
start --db b.db
[ "$(wc -l <served)" = 1 ] || { echo 'more than one line on a second start'; cat served; failed=1; }
# The log of a healthy start is one line: where, which store, which version.
grep -qE "^<6>level=info msg=\"serving ${url%/} from store 'b.db', version [0-9.]+\"\$" log && [ "$(wc -l <log)" = 1 ] ||
    { echo 'the start is not logged in one line'; cat log; failed=1; }
stop

[ $failed -eq 0 ] && echo "$tried runs behaved as they should"
exit $failed
