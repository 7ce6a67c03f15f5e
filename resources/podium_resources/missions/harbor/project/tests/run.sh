# Runs every test and fails if one does.
cd "$(dirname "$0")/.." || exit 2
for file in lib/*.sh; do
    . "./$file" || exit 2
done

passed=0
failed=0

check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        echo "ok    $1"
    else
        failed=$((failed + 1))
        echo "FAIL  $1: expected $2, got $3"
    fi
}

check "a day costs 12 a metre" 120 "$(fee 10 1)"
check "every day costs" 360 "$(fee 10 3)"
check "sailing ships pay half" 60 "$(fee 10 1 sail)"
check "the tide is high at 4" high "$(tide 4)"
check "it is high again at 16" high "$(tide 16)"
check "and falls at 19" falling "$(tide 19)"
check "a dinghy lies in A" A "$(berth 6)"
check "10 metres fit into A" A "$(berth 10)"
check "50 metres fit nowhere" none "$(berth 50)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
