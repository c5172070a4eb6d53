#!/usr/bin/env bash
# Proves that a transcript can fail: chat_runner_test.sh RUNNER WORK_DIR. What the bot
# says is taken from the bot itself, so that no wording is repeated here.
set -euo pipefail
runner=$1
dir=$(mktemp -d "$2/runner-XXXXXX")
trap 'rm -rf "$dir"' EXIT
chat=$dir/a.chat
failed=0 tried=0

write() { # the beginning that all share, and the lines given
    printf '%s\n' '# Written by a test.' 'given clock 2026-03-02T17:20+09:00' \
        'given member kenji rep JP Asia/Tokyo en Kenji' '' "$@" >"$chat"
}
must() { # pass|fail WHAT [OPTION...]
    local want=$1 what=$2 got=pass
    tried=$((tried + 1))
    "$runner" "${@:3}" "$chat" >"$dir/out" 2>&1 || got=fail
    if [ $got != "$want" ]; then
        echo "should $want: $what"
        cat "$chat" "$dir/out"
        failed=1
    fi
}

write 'kenji> whoami' '' '# Prose for the next line.' '+1h'
must fail 'a reply that is not in the file'
grep -q "a.chat:5: expected" "$dir/out" || { echo "the place is not named"; failed=1; }
must pass 'blessing' --bless
must pass 'a blessed file'
blessed=$(<"$chat")
must pass 'blessing again' --bless
[ "$blessed" = "$(<"$chat")" ] || { echo "a second blessing changed the file"; failed=1; }
grep -q '^# Prose for the next line' "$chat" || { echo "blessing lost the prose"; failed=1; }

sed -i '6s/$/x/' "$chat"
must fail 'one letter more in the reply'
sed -i '6s/x$//' "$chat"
must pass 'that letter removed'
sed -i '6d' "$chat"
must fail 'a line of the reply missing'

printf '%s\n' "$blessed" '' '(18:20) bot to kenji>' 'Wake up' >"$chat"
must fail 'an expected message that does not come'
printf '%s\n' "$blessed" '' '== restart' 'Good morning' >"$chat"
must fail 'an expected greeting after a restart'
printf '%s\n' "$blessed" '' '== restart' '' '+1d' >"$chat"
must pass 'a restart and a day'
sed 's/^kenji>/kenji~>/' <<<"$blessed" >"$chat"
must fail 'a private reply that is public'

write 'kenji> whoami' && sed -i 's/^given clock/# &/' "$chat"
must fail 'no clock' --bless
write 'haruka> whoami'
must fail 'a member who is not there' --bless
write 'kenji[No such button at all]'
must fail 'a button that is not there' --bless
write 'at 2026-03-01T17:20+09:00'
must fail 'a clock that goes back' --bless
write 'at 2026-03-99T17:20+09:00'
must fail 'an instant that is none' --bless
write 'given rain'
must fail 'a world that is not known' --bless
write 'Something out of nowhere'
must fail 'a line that belongs to nothing' --bless
rm "$chat"
must fail 'a file that is not there'

[ -z "$(find "$2" -maxdepth 1 -name 'chat-*' -newer "$dir/out")" ] ||
    { echo "stores were left behind in $2"; failed=1; }
[ $failed -eq 0 ] && echo "$tried runs behaved as they should"
exit $failed
