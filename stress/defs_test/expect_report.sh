#!/bin/sh
# expect_report.sh PROGRAM FAULT [WORDS...]: with words, the program must fail and its output hold
# each of them; without, it must succeed and print nothing.
set -u
program=$1
fault=$2
shift 2
output=$("$program" "$fault" 2>&1)
code=$?
printf '%s\n' "$output"

if [ $# -eq 0 ]; then
  [ "$code" -eq 0 ] && [ -z "$output" ] && exit 0
  echo "expect_report: \"$fault\" should pass in silence; the exit code was $code."
  exit 1
fi
if [ "$code" -eq 0 ]; then
  echo "expect_report: \"$fault\" should fail, and passed."
  exit 1
fi
for words; do
  case $output in
    *"$words"*) ;;
    *)
      echo "expect_report: the output lacks \"$words\"."
      exit 1
      ;;
  esac
done
