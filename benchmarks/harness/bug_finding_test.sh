#!/usr/bin/env bash
# bug_finding measures each program in every way and says so in Markdown and JSON.
set -uo pipefail

fail() { echo "FAILED: $*"; exit 1; }

program=benchmarks/harness/bug_finding
json=$TEST_TMPDIR/found.json
table=$("$program" --programs=lost_update/no_lock --seeds=2 --executions=2000 --seconds=5 \
  "--json=$json") || fail "exit code $?"
echo "$table"

ways="stress tsan random_walk pct:3 pos surw places mixed portfolio"
[[ $(head -1 <<< "$table") == "| program | ${ways// / | } |" ]] || fail "the head of the table"
row=$(grep '^| lost_update/no_lock |' <<< "$table") || fail "the row of the program"
# ThreadSanitizer sees the race in the first execution; so does the explorer.
[[ $(cut -d '|' -f 4 <<< "$row") == " 1.0 " ]] || fail "ThreadSanitizer: $row"
[[ $(cut -d '|' -f 10 <<< "$row") == " 1.0 " ]] || fail "the portfolio: $row"
for way in $ways; do
  grep -q "\"$way\": {" "$json" || fail "no $way in the JSON"
done

# What cannot be measured is no zero.
"$program" --one=no/such_program > /dev/null && fail "a program that there is not"
"$program" --seeds=none 2> /dev/null
[[ $? -eq 2 ]] || fail "a number that is none"
echo "PASSED"
