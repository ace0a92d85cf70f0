#!/bin/bash
# What is written wrong does not compile, and the compiler says in a sentence what is wrong.
set -u
here=$(dirname "$0")
failures=0

# output OBJECT ITEMS: of the compiler.
output() {
  clang++-19 -std=c++20 -fsyntax-only -I. -DOBJECT="$1" -DITEMS="$2" "$here/mistakes.cc" 2>&1
}

# right OBJECT ITEMS
right() {
  local text
  text=$(output "$1" "$2") || { echo "FAILED: does not compile: $2"; echo "$text" | head -20; failures=$((failures + 1)); }
}

# wrong SENTENCE OBJECT ITEMS
wrong() {
  local text
  if text=$(output "$2" "$3"); then
    echo "FAILED: compiles: $3"
    failures=$((failures + 1))
  elif ! grep -F -q "$1" <<< "$text"; then
    echo "FAILED: \"$1\" is not said of: $3"
    echo "$text" | grep error | head
    failures=$((failures + 1))
  fi
}

right Queue 'operation("put", &Queue::put, &Model::put)'
right Queue 'operation("put", &Queue::put, &Model::put, gen::inRange(0, 3)).by("producer")'
right Queue 'operation("put", [](Queue& q, int i) { q.put(i); }, [](Model& m, int i) { m.put(i); })'
right Queue 'operation("put", overload<void(int)>(&Queue::overloaded), &Model::put)'
right Sized 'operation("put", &Sized::put, &Model::put), made_by([] { return std::make_unique<Sized>(1); })'
right Queue 'operation("get", &Queue::get, &Model::get), threads(2), calls(3), starts_as(Model{})'

wrong "take different numbers of arguments" Queue 'operation("put", &Queue::put, &Model::get)'
wrong "of different types (say bool and int)" Queue 'operation("flag", &Queue::flag, &Model::put)'
wrong "cannot be equal: they are of different types" Queue 'operation("try_put", &Queue::try_put, &Model::put)'
wrong "there are no values for an argument" Queue 'operation("put_all", &Queue::put_all, &Model::put_all)'
wrong "values for more arguments than" Queue 'operation("put", &Queue::put, &Model::put, gen::inRange(0, 3), gen::boolean())'
wrong "are of another type than it is" Queue 'operation("put", &Queue::put, &Model::put, gen::boolean())'
wrong "wrap it in a lambda that returns what it wrote" Queue 'operation("get", &Queue::get_into, &Model::put)'
wrong "stand the values of the arguments" Queue 'operation("put", &Queue::put, &Model::put, 3)'
wrong "whose parameters are not" Queue 'operation("put", [](auto& q, int i) { q.put(i); }, &Model::put)'
wrong "takes the object first" Queue 'operation("put", [](int) {}, &Model::put)'
wrong "takes the object first" Queue 'operation("put", &Sized::put, &Model::put)'
wrong "takes the model first" Queue 'operation("put", &Queue::put, &Sized::put)'
wrong "say how it is made" Sized 'operation("put", &Sized::put, &Model::put)'
wrong "gives a std::unique_ptr to a new object" Sized 'operation("put", &Sized::put, &Model::put), made_by([] { return 1; })'
wrong "there is no operation" Queue 'threads(2)'
wrong "takes a value of the model" Queue 'operation("put", &Queue::put, &Model::put), starts_as(3)'
wrong "linearizable: takes operation(...)" Queue 'operation("put", &Queue::put, &Model::put), 3'

[ "$failures" = 0 ] || exit 1
echo "every mistake has its sentence"
