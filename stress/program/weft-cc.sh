#!/bin/sh
# weft-cc, weft-c++: clang, so that `weft check` can explore what it builds. To be used as any other
# compiler (CC=weft-cc CXX=weft-c++); the programs also run without Weft.
#
# Compiles with the instrumentation of -fsanitize=thread and links Weft's runtime in the place of
# ThreadSanitizer's. WEFT_CC and WEFT_CXX name other clangs than the one found.
set -eu

self=$(readlink -f "$0")
folder=$(dirname "$self")
library=$folder/lib/weft

refuse() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

first_found() {
  for each in "$@"; do
    if command -v "$each" >/dev/null 2>&1; then
      echo "$each"
      return
    fi
  done
  refuse "there is no clang here: install clang-19 (14 or later will do), or name one in WEFT_CC and WEFT_CXX"
}

case $(basename "$0") in
  *c++) compiler=${WEFT_CXX:-$(first_found clang++-19 clang++)} ;;
  *) compiler=${WEFT_CC:-$(first_found clang-19 clang)} ;;
esac

links=1     # a program comes out
inputs=0
optimises=0
debugs=0
takes_value=0
for argument in "$@"; do
  if [ $takes_value = 1 ]; then
    takes_value=0
    continue
  fi
  case $argument in
    -static | -static-pie | --static)
      refuse "$argument leaves no dynamic linker, through which libraries are brought under control: leave it out (-static-libstdc++ and -static-libgcc are all right)" ;;
    -fsanitize=*)
      refuse "$argument cannot be had together with the explorer, which takes a sanitizer's place: leave it out here, and build another program with it" ;;
    -fno-sanitize=*thread* | -fno-sanitize=all)
      refuse "$argument would hide the program from the explorer: leave it out" ;;
    -c | -S | -E | -M | -MM | -fsyntax-only | -shared | -r) links=0 ;;
    -O* ) optimises=1 ;;
    -g*) debugs=1 ;;
    -o | -x | -include | -I | -L | -D | -U | -MF | -MT | -MQ | -isystem | -iquote | -idirafter | -Xlinker | -Xclang | -arch | -target)
      takes_value=1 ;;
    -) inputs=1 ;;
    -*) ;;
    *) inputs=1 ;;
  esac
done
case $library in *' '*) refuse "Weft's runtime lies in a folder with a space in its name, $library: move it" ;; esac

# Nothing to build: a question about the compiler.
[ $inputs = 1 ] || exec "$compiler" "$@"

before="-fsanitize=thread -fno-sanitize-link-runtime -fno-omit-frame-pointer -fno-optimize-sibling-calls -I$folder/include"
[ $optimises = 1 ] || before="-O1 $before"
[ $debugs = 1 ] || before="-gline-tables-only $before"
after=
if [ $links = 1 ]; then
  # Exported, so that libraries find what the runtime defines. It lets exceptions pass, hence needs
  # their library in programs of C, too.
  after="-Wl,--whole-archive $library/libweft_runtime.a -Wl,--no-whole-archive -rdynamic -pthread -ldl -lstdc++"
fi
# shellcheck disable=SC2086
exec "$compiler" $before "$@" $after
