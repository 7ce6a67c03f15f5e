# Runs every test and fails if one does.
cd "$(dirname "$0")/.." || exit 2
. ./lib/signal.sh || exit 2

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

check "three flashes" "---" "$(blink 3)"
check "one flash" "-" "$(blink 1)"
check "starboard is green" green "$(colour 90)"
check "port is red" red "$(colour 270)"
check "a bearing goes round" green "$(colour 450)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
