#!/usr/bin/env bash
# The campaign counts what it runs, says so as JSON, and tells a twin that is not silent.
set -uo pipefail

fail() { echo "FAILED: $*"; exit 1; }

program=stress/specimens/linearizable/campaign
json=$TEST_TMPDIR/found.json
"$program" --programs=20 --executions=5 "--json=$json" || fail "exit code $?"
for twin in Counter NobodyHelps PeekThenPop SharedSlot; do
  grep -q "\"name\": \"$twin\", \"programs\": 20, .*\"verdict\": \"silent\"" "$json" ||
    fail "$twin is not in the JSON"
done
[[ $(grep -c '"verdict"' "$json") -ge 35 ]] || fail "twins are missing"

"$program" --only=SpinsOnAFlag --broken --programs=200 "--json=$json" || fail "a broken one is silent"
grep -q '"verdict": "violated", "violation": "bazel test\|"verdict": "violated", "violation": "WEFT' \
  "$json" || fail "no line that repeats it: $(cat "$json")"
"$program" --only=Counter --broken --programs=1 --executions=1 > /dev/null &&
  fail "a broken one that was not found is no failure"

"$program" --only=NoSuchTwin 2> /dev/null
[[ $? -eq 2 ]] || fail "a twin that there is not"
"$program" --programs=none 2> /dev/null
[[ $? -eq 2 ]] || fail "a number that is none"
echo "PASSED"
