#!/bin/sh
# default_main_test.sh BENCHMARK: a benchmark that names no main() reports the machine's facts.
set -u
"$1" --benchmark_min_time=0.001 --benchmark_out="$TEST_TMPDIR/report" >"$TEST_TMPDIR/log" 2>&1 || {
  cat "$TEST_TMPDIR/log"
  exit 1
}
for fact in cpu processors governor; do
  grep -q "\"$fact\": " "$TEST_TMPDIR/report" || {
    echo "the report lacks the fact \"$fact\":"
    cat "$TEST_TMPDIR/report"
    exit 1
  }
done
