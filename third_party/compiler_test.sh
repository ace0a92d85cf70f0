#!/bin/sh
# compiler_test.sh MODULE_MAP KEY COMPILER: what every compilation depends on, of the machine's, are versions,
# and no list of what is installed.
set -eu

if grep -n header "$1"; then
  echo "compilations depend on the names of the system's headers: $1"
  exit 1
fi
version=$("$3" --version | head -n 1)
for line in "$version" 'libc [0-9][0-9]* [0-9][0-9]*' 'libstdc++ [0-9][0-9]*'; do
  if ! grep -x "$line" "$2"; then
    echo "compilations do not depend on: $line"
    cat "$2"
    exit 1
  fi
done
