#!/bin/sh
# expect_output.sh PROGRAM LINE...: the program must print exactly these lines, and succeed.
set -eu
program=$1
shift
expected=$(printf '%s\n' "$@")
output=$("$program")
[ "$output" = "$expected" ] && exit 0
printf 'expect_output: %s should print:\n%s\nand printed:\n%s\n' "$program" "$expected" "$output"
exit 1
