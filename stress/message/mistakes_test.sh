#!/bin/bash
# What may not be sent does not compile, and the compiler says in a sentence why.
set -u
here=$(dirname "$0")
failures=0

# output TYPE: of the compiler.
output() {
  clang++-19 -std=c++20 -fsyntax-only -I. "-DTYPE=$1" "$here/mistakes.cc" 2>&1
}

# right TYPE
right() {
  local text
  text=$(output "$1") || { echo "FAILED: does not compile: $1"; echo "$text" | head -20; failures=$((failures + 1)); }
}

# wrong SENTENCE TYPE
wrong() {
  local text
  if text=$(output "$2"); then
    echo "FAILED: compiles: $2"
    failures=$((failures + 1))
  elif ! grep -F -q "$1" <<< "$text"; then
    echo "FAILED: \"$1\" is not said of: $2"
    echo "$text" | grep error | head
    failures=$((failures + 1))
  fi
}

right Point
right Firm
right 'std::vector<std::optional<Point>>'

wrong "a pointer means nothing in another process" 'int*'
wrong "a pointer means nothing in another process" 'std::vector<const char*>'
wrong "a pointer means nothing in another process" WithPointer
wrong "a pointer means nothing in another process" 'std::optional<WithPointer>'
wrong "a pointer means nothing in another process" 'std::unique_ptr<int>'
wrong "a pointer means nothing in another process" 'std::map<int, std::shared_ptr<int>>'
wrong "a view points into the memory of this process" 'std::string_view'
wrong "a view points into the memory of this process" 'std::span<const int>'
wrong "code is never sent" 'std::function<void()>'
wrong "code is never sent" 'std::vector<void (*)()>'
wrong "give it an underlying type" Loose
wrong "send a double" 'long double'
wrong "use std::array" WithShortArray
wrong "specialize weft::ipc::Encoding" WithArray
wrong "specialize weft::ipc::Encoding" Derived
wrong "specialize weft::ipc::Encoding" Private
wrong "take no bytes" 'std::vector<std::monostate>'

[ "$failures" = 0 ] || exit 1
echo "every mistake has its sentence"
