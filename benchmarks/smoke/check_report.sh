#!/bin/sh
# check_report.sh PROGRAM [ARGUMENT...]: runs every benchmark of a Google Benchmark program for a
# moment and judges the JSON report. Fails when the program fails, when no benchmark ran, when one
# reports an error, and when the library calls itself a debug build: its figures are no results.
set -u

if [ $# -lt 1 ]; then
  echo "usage: check_report.sh PROGRAM [ARGUMENT...]" >&2
  exit 2
fi
program=$1
shift
folder=${TEST_UNDECLARED_OUTPUTS_DIR:-${TEST_TMPDIR:-/tmp}}
report=$folder/smoke.json
rm -f "$report"

refuse() {
  echo "check_report: $*" >&2
  exit 1
}

"$program" --benchmark_min_time=0.001 --benchmark_out="$report" --benchmark_out_format=json "$@" ||
  refuse "$program failed with exit code $?."
[ -s "$report" ] || refuse "$program wrote no report to $report."

# The two spellings of a failed benchmark: before and since Google Benchmark 1.8.
if grep -E '"(error_occurred|skipped)": *(true|"error)' "$report" >&2; then
  refuse "a benchmark reports an error: see the lines above and its error_message in $report."
fi
ran=$(grep -c '"run_type": *"iteration"' "$report")
[ "$ran" -gt 0 ] || refuse "no benchmark ran: the program registers none, or a filter hides all."
if grep -q '"library_build_type": *"debug"' "$report"; then
  refuse "Google Benchmark is a debug build here, so no figure counts. Run ./bazelw once: it fetches" \
    "the release's source, and the library is then compiled with the flags of the benchmark."
fi
grep -q '"library_build_type": *"release"' "$report" ||
  refuse "the report does not say library_build_type release: $report."
echo "check_report: $ran runs."
