#!/bin/sh
# The closing line counts each target of a Build Event Protocol file once, by its verdict.
set -u
summarize=$1
failures=0

# The lines that Bazel writes for one target: configured NAME; completed NAME [REASON]; verdict NAME STATUS.
configured() {
  printf '{"id":{"targetConfigured":{"label":"//t:%s"}},"children":[],"configured":{"targetKind":"sh_test rule","testSize":"SMALL"}}\n' "$1"
}
aborted() {
  printf '{"id":{"targetCompleted":{"label":"//t:%s","configuration":{"id":"c"}}},"aborted":{"reason":"%s"}}\n' "$1" "$2"
}
verdict() {
  printf '{"id":{"testSummary":{"label":"//t:%s","configuration":{"id":"c"}}},"testSummary":{"overallStatus":"%s"}}\n' "$1" "$2"
}
library() {
  printf '{"id":{"targetConfigured":{"label":"//t:%s"}},"configured":{"targetKind":"cc_library rule"}}\n' "$1"
}

# expect NAME LINE: the last line of the summary of the events on stdin.
expect() {
  cat > "$TEST_TMPDIR/events"
  line=$("$summarize" "$TEST_TMPDIR/events" | tail -n 1)
  if [ "$line" = "$2" ]; then
    echo "ok: $1"
  else
    echo "FAILED: $1: expected \"$2\", got \"$line\""
    failures=$((failures + 1))
  fi
}

{ configured a; configured ab; library c; verdict a PASSED; verdict ab PASSED; } |
  expect "what passed is counted, and a library is no test" "2 passed, 0 failed"
{
  for t in a b c d e; do configured $t; done
  verdict a PASSED; verdict b FAILED; verdict c TIMEOUT; verdict d INCOMPLETE; verdict e REMOTE_FAILURE
} | expect "every verdict but a pass is a failure" "1 passed, 4 failed"
{ configured a; configured b; configured c; verdict a PASSED; aborted b ANALYSIS_FAILURE; } |
  expect "what has no verdict is a failure" "1 passed, 2 failed"
{ configured a; configured b; verdict a PASSED; aborted b SKIPPED; } |
  expect "what this machine cannot run is skipped" "1 passed, 0 failed, 1 skipped"
: | expect "no event is no pass" "0 passed, 0 failed"

if "$summarize" "$TEST_TMPDIR/absent" 2> /dev/null; then
  echo "FAILED: an unreadable file is refused"
  failures=$((failures + 1))
fi
[ "$failures" -eq 0 ]
