#!/bin/sh
# What bazelw fetches through npm is there as a whole or not at all, and nothing stays of a fetch that
# was interrupted. Its npm and its bazel are stand-ins; the packages of this machine are as they are.
set -u
if ! grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; then
  echo "SKIPPED: elsewhere than on Debian and Ubuntu bazelw fetches nothing."
  exit 0
fi
failures=0
tree=$TEST_TMPDIR/tree
cache=$TEST_TMPDIR/cache/weft
mkdir -p "$tree/benchmarks/dashboard/browser" "$TEST_TMPDIR/bin" "$cache/google_benchmark/src"
cp "$1" "$tree/bazelw"
echo '{}' > "$tree/benchmarks/dashboard/browser/package.json"

# stand_in NAME: the program on stdin, to be found before this machine's.
stand_in() {
  cat > "$TEST_TMPDIR/bin/$1"
  chmod +x "$TEST_TMPDIR/bin/$1"
}

# start: what bazelw says, in $TEST_TMPDIR/said; its process is named in $TEST_TMPDIR/pid.
start() {
  (
    cd "$tree" && XDG_CACHE_HOME=$TEST_TMPDIR/cache HOME=$TEST_TMPDIR PATH=$TEST_TMPDIR/bin:$PATH \
      PID=$TEST_TMPDIR/pid sh -c 'echo $$ > "$PID"; exec ./bazelw test //...'
  ) > "$TEST_TMPDIR/said" 2>&1
}

# place_of LIST: the folder of the cache for a list of packages, and for no other.
place_of() {
  echo "$1" > "$tree/benchmarks/dashboard/browser/package-lock.json"
  place=web-$(echo "$1" | sha256sum | cut -d ' ' -f 1)
}

# expect NAME CODE FOLDERS [TEXT]: how the last start ended, what lies in the cache, and a part of what it said.
expect() {
  folders=$(cd "$cache" && echo web*)
  if [ "$code" -eq "$2" ] && [ "$folders" = "$3" ] && grep -qF -- "${4:-}" "$TEST_TMPDIR/said"; then
    echo "ok: $1"
  else
    echo "FAILED: $1: exit code $code, folders '$folders', and it said:"
    cat "$TEST_TMPDIR/said"
    failures=$((failures + 1))
  fi
}

stand_in bazel << 'END'
#!/bin/sh
echo "bazel $*"
END

place_of '{"a": 1}'
first=$place
for signal in 1 2 15; do
  stand_in npm << END
#!/bin/sh
mkdir node_modules
kill -$signal \$(cat "$TEST_TMPDIR/pid")
END
  start
  code=$?
  expect "signal $signal while npm works leaves nothing" $((128 + signal)) "web*"
done

# One that was killed outright, long ago, and one in which another start may be at work.
mkdir "$cache/web.killed" "$cache/web.recent"
touch -d yesterday "$cache/web.killed"
stand_in npm << 'END'
#!/bin/sh
echo "the network is down"
exit 1
END
start
code=$?
expect "what was killed is swept away, and a failure is told" 0 "$first web.recent" "that failed ($cache/$first/fetch.log says why)"
[ ! -e "$cache/$first/node_modules" ] && grep -q "network is down" "$cache/$first/fetch.log" || failures=$((failures + 1))
start
code=$?
expect "the failed list is not tried again, and told each time" 0 "$first web.recent" "left out; $cache/$first/fetch.log says why"
if grep -q fetching "$TEST_TMPDIR/said"; then failures=$((failures + 1)); fi

rm -r "$cache/web.recent"
place_of '{"a": 2}'
stand_in npm << 'END'
#!/bin/sh
mkdir -p node_modules/a
END
start
code=$?
both=$(printf '%s\n' "$first" "$place" | sort | paste -sd ' ')
expect "a new list is fetched, and another tree keeps its own" 0 "$both" "bazel test //..."
[ -d "$cache/$place/node_modules/a" ] && [ -e "$cache/$first/fetch.log" ] || failures=$((failures + 1))

touch -d '40 days ago' "$cache/$first" "$cache/$place"
place_of '{"a": 3}'
start
code=$?
expect "lists of long ago are swept away when another one is fetched" 0 "$place" "bazel test //..."
touch -d '40 days ago' "$cache/$place"
start
code=$?
expect "a list of long ago that is still used stays" 0 "$place" "bazel test //..."
if grep -qE "fetching|left out" "$TEST_TMPDIR/said"; then failures=$((failures + 1)); fi
[ "$failures" -eq 0 ]
