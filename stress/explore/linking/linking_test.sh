#!/bin/bash
# linking_test.sh ARCHIVE HIDDEN_ARCHIVE SHARED_LIBRARY: links one body and the runtime in each way
# that people link, and demands that the explorer sees the same of it, or says why it will not run.
# (These are links that Bazel's rules do not make, so the compilers are called by hand.)
set -u
archive=$PWD/$1
hidden=$PWD/$2
shared=$PWD/$3
here=$(dirname "$0")
out=$TEST_TMPDIR
whole="-Wl,--whole-archive $archive -Wl,--no-whole-archive"
cxx=clang++-19
failures=0
skipped=""

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

has() { command -v "$1" > /dev/null || { [[ $skipped == *" $1"* ]] || skipped+=" $1"; return 1; }; }
value() { sed -n "s/^$2 //p" "$out/$1.txt"; }

# compile OBJECT SOURCE COMPILER [FLAG...]
compile() {
  local object=$out/$1 source=$here/$2 compiler=$3
  shift 3
  "$compiler" -std=c++20 -w -I. "$@" -c "$source" -o "$object" || fail "$compiler $* does not compile $source"
}

# run WAY: the program of that name prints into WAY.txt.
run() {
  (cd "$out" && timeout 60 "./$1") > "$out/$1.txt" 2>&1
}

# link WAY FLAG...: with clang and lld where the flags say nothing else.
link() {
  local way=$1
  shift
  (cd "$out" && "$cxx" -fuse-ld=lld "$@" -ldl -pthread -o "$way") > "$out/$way.err" 2>&1
}

# controls WAY FLAG...: so linked, all is under control, and the body is seen as in the way "lld".
controls() {
  local way=$1
  if ! link "$@"; then
    fail "$way does not link: $(head -3 "$out/$way.err")"
    return
  fi
  run "$way" || fail "$way: $(cat "$out/$way.txt")"
  echo "$way: $(tr '\n' ' ' < "$out/$way.txt")"
  [ "$(value "$way" interposed)" = "$(value "$way" interposable)" ] || fail "$way: not all is interposed"
  local same
  for same in steps distinct; do
    [ "$(value "$way" $same)" = "$(value lld $same)" ] ||
      fail "$way: $same $(value "$way" $same), but $(value lld $same) when linked by lld"
  done
}

# sees_as_much WAY: besides, each access is seen that the reference sees.
sees_as_much() {
  [ "$(value "$1" accesses)" = "$(value lld accesses)" ] ||
    fail "$1: accesses $(value "$1" accesses), but $(value lld accesses) when linked by lld"
}

# refuses WAY WORDS FLAG...: so linked, the program will not explore, and says why.
refuses() {
  local way=$1 words=$2
  shift 2
  if ! link "$way" "$@"; then
    fail "$way does not link: $(head -3 "$out/$way.err")"
    return
  fi
  run "$way"
  local code=$?
  echo "$way: $(cat "$out/$way.txt")"
  [ $code -eq 3 ] && [[ $(cat "$out/$way.txt") == "refused "*"$words"* ]] ||
    fail "$way should be refused with \"$words\"; the exit code was $code"
}

has "$cxx" && has ld.lld || { echo "SKIPPED: there is no $cxx with lld here"; exit 0; }
compile main.o main.cc $cxx -O1
compile body.o body.cc $cxx -O1 -fsanitize=thread
objects="body.o main.o"

# The reference first.
controls lld $objects $whole
[ "$(value lld distinct)" -gt 100 ] || fail "lld: only $(value lld distinct) distinct executions"
[ "$(value lld accesses)" -gt 100000 ] || fail "lld: only $(value lld accesses) accesses"

for linker in bfd gold; do
  has "ld.$linker" || continue
  controls $linker -fuse-ld=$linker $objects $whole
  sees_as_much $linker
done
ways=(
  "gc_sections -Wl,--gc-sections $objects $whole"
  "icf -Wl,--icf=all $objects $whole"
  "runtime_first $whole $objects"
  "rdynamic -rdynamic $objects $whole"
  "bsymbolic -Wl,-Bsymbolic $objects $whole"
  "static_libstdcxx -static-libstdc++ $objects $whole"
  "static_libgcc -static-libgcc $objects $whole"
  "shared $objects $shared -Wl,-rpath,$(dirname "$shared")"
  "shared_as_needed -Wl,--as-needed $objects $shared -Wl,-rpath,$(dirname "$shared")"
)
for way in "${ways[@]}"; do
  controls $way
  sees_as_much ${way%% *}
done
if has ld.bfd; then
  controls gc_sections_bfd -fuse-ld=bfd -Wl,--gc-sections $objects $whole
  controls static_libstdcxx_bfd -fuse-ld=bfd -static-libstdc++ $objects $whole
fi
compile no_pie.o body.cc $cxx -O1 -fno-pie -fsanitize=thread
controls no_pie -no-pie no_pie.o main.o $whole
sees_as_much no_pie
compile pie.o body.cc $cxx -O1 -fpie -fsanitize=thread
controls pie -pie pie.o main.o $whole
sees_as_much pie

for compiler in clang++-19 clang++-14 g++-12; do
  has $compiler || continue
  distinguish="--param=tsan-distinguish-volatile=1"
  [[ $compiler == clang* ]] &&
    distinguish="-mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-compound-read-before-write=1"
  for level in 0 1 2; do
    way=${compiler}_O$level
    compile "$way.o" body.cc $compiler -O$level -fsanitize=thread
    controls "$way" "$way.o" main.o $whole
    [ "$(value "$way" accesses)" -gt 100000 ] || fail "$way: only $(value "$way" accesses) accesses"
    # A missing entry point is an undefined symbol.
    way=entry_points_$way
    compile "$way.o" entry_points.cc $compiler -O$level -fsanitize=thread -mcx16 $distinguish
    link "$way" "$way.o" main.o $whole || fail "$way does not link: $(head -3 "$out/$way.err")"
    run "$way" || fail "$way: $(cat "$out/$way.txt")"
    echo "$way: $(tr '\n' ' ' < "$out/$way.txt")"
    # 11 operations on objects of five sizes, two on a flag, a fence; by two threads.
    [ "$(value "$way" steps)" -ge $((2000 * 2 * 58)) ] || fail "$way: only $(value "$way" steps) steps"
  done
done

# The runtime brings no inline function of std that could hide the body's.
compile body_O0.o body.cc $cxx -O0 -fsanitize=thread
controls own_copies body_O0.o main.o $whole
controls own_copies_runtime_first $whole main.o body_O0.o
[ "$(value own_copies accesses)" = "$(value own_copies_runtime_first accesses)" ] ||
  fail "what is linked first hides accesses"
# Code that is not instrumented does, and the figures are all that tells it.
compile other_copies.o other_copies.cc $cxx -O0
link other_copies other_copies.o body_O0.o main.o $whole && run other_copies
echo "other_copies: $(tr '\n' ' ' < "$out/other_copies.txt")"
[ "$(value other_copies accesses)" -lt "$(value own_copies accesses)" ] ||
  fail "copies that are not instrumented hide nothing any more: say so in the documents"
compile bare.o body.cc $cxx -O1
link bare bare.o main.o $whole && run bare
echo "bare: $(tr '\n' ' ' < "$out/bare.txt")"
[ "$(value bare accesses)" = 0 ] || fail "accesses are counted in a body that is not instrumented"

# Shared libraries of which nothing is instrumented are named; the others are not.
compile library.o other_copies.cc $cxx -O1 -fPIC
compile instrumented_library.o other_copies.cc $cxx -O1 -fPIC -fsanitize=thread
for library in library instrumented_library; do
  link lib$library.so -shared $library.o || fail "lib$library.so does not link"
  controls with_$library -Wl,--no-as-needed $objects $whole -L. -l$library -Wl,-rpath,"$out"
done
[ "$(value with_library uninstrumented)" = liblibrary.so ] || fail "a library that is not instrumented is not named"
[ "$(value with_instrumented_library uninstrumented)" = "" ] || fail "an instrumented library is named"
[ "$(value shared uninstrumented)" = "" ] || fail "the runtime is named"

echo '{ local: *; };' > "$out/hide.map"
refuses hidden "is not the explorer's" $objects -Wl,--whole-archive "$hidden" -Wl,--no-whole-archive
refuses exclude_libs "is not the explorer's" -Wl,--exclude-libs=ALL $objects $whole
refuses version_script "is not the explorer's" -Wl,--version-script=hide.map $objects $whole
# As an archive of which the linker takes what is asked for; Bazel's .lo is one by another name.
cp "$archive" "$out/part.a"
refuses archive_in_part "--whole-archive" $objects part.a
# libc's archive defines what the runtime defines, which the linker refuses. Who overrides that gets a
# program that faults before main(): libc copies memory before it has thread-local storage.
if link static -static $objects $whole; then
  fail "-static links"
fi
[[ $(cat "$out/static.err") == *"duplicate symbol: malloc"* ]] || fail "static: $(head -3 "$out/static.err")"
if link static_nevertheless -static -Wl,-z,muldefs $objects $whole && run static_nevertheless; then
  fail "a static program runs: $(cat "$out/static_nevertheless.txt")"
fi

[ -z "$skipped" ] || echo "SKIPPED, because they are not installed:$skipped"
[ $failures -eq 0 ] || { echo "$failures failures"; exit 1; }
