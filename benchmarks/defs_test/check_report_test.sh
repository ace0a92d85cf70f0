#!/bin/sh
# check_report.sh accepts the report of a good run, and refuses every other with the reason.
set -u
check=$1
failures=0

# A stand-in for a benchmark program: writes the report $REPORT and exits with $CODE.
program=$TEST_TMPDIR/program
cat > "$program" <<'END'
#!/bin/sh
for argument; do
  case $argument in --benchmark_out=*) printf '%s\n' "$REPORT" > "${argument#*=}" ;; esac
done
exit "$CODE"
END
chmod +x "$program"

# expect NAME EXIT_CODE WORDS: the check of $REPORT and $CODE ends so, and says so.
expect() {
  output=$("$check" "$program" 2>&1)
  code=$?
  case $code:$output in
    "$2":*"$3"*) echo "ok: $1" ;;
    *)
      echo "FAILED: $1: expected exit code $2 and \"$3\", got $code and: $output"
      failures=$((failures + 1))
      ;;
  esac
}

run='{"name": "BM_X", "run_type": "iteration", "real_time": 1.0}'
error='{"name": "BM_X", "run_type": "iteration", "error_occurred": true, "error_message": "no"}'
skipped='{"name": "BM_X", "run_type": "iteration", "skipped": "error", "error_message": "no"}'
report() {
  printf '{"context": {"library_build_type": "%s"},\n"benchmarks": [\n%s\n]}' "$1" "$2"
}
export REPORT CODE
CODE=0

REPORT=$(report release "$run") && expect "a release's run is accepted" 0 "1 runs"
REPORT=$(report debug "$run") && expect "a debug library is refused" 1 "is a debug build here"
REPORT=$(report release "") && expect "an empty report is refused" 1 "no benchmark ran"
REPORT=$(report release "$error") && expect "an error is refused" 1 "reports an error"
REPORT=$(report release "$skipped") && expect "a newer library's error is refused" 1 "reports an error"
REPORT="{$run}" && expect "a report without the build type is refused" 1 "does not say"
CODE=3
REPORT=$(report release "$run") && expect "a failing program is refused" 1 "exit code 3"

[ "$failures" -eq 0 ]
