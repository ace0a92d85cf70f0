#include "stress/cli/arguments.h"

namespace weft::cli {

const char* help() {
  return R"(weft: explores the interleavings of a program, and repeats what it finds.

  weft check FILE... [options] [-- arguments]   explores a whole program, unmodified
  weft check --help                             its options, its exit codes
  weft judge FILE --model NAME [options]        says whether a recorded history is linearizable
  weft judge --help                             its options, its models
  weft --version

To build a program for it with make or CMake, use weft-cc and weft-c++, which lie beside this
command, as the compilers: CC=weft-cc CXX=weft-c++.
)";
}

const char* help_of_check() {
  return R"(weft check FILE... [options] [-- arguments of the program]

FILE is a program that weft-cc or weft-c++ has built, or its sources (.c, .cc, .cpp, .cxx), which
are then compiled to a program in a temporary place. Its main() is run again and again, each time
from its beginning, and each time Weft decides anew who of its threads goes on.

  --seconds N         time for all executions (10)
  --executions N      at most so many (any number)
  --strategy NAME     how to choose, see docs/writing-a-test.md
  --seed N            of the first execution; the others follow from it
  --workers N         so many processes search, each with seeds of its own (1); or --jobs N
  --replay SCHEDULE   run this one execution, from a report
  --output            show what every execution prints, not only what the one in the report did
  --json FILE         the verdict, its bounds and the finding, for programs ("-": standard output)
  --html FILE         what was found as a page for a browser; written only if something was
  --sarif FILE        the same as SARIF 2.1.0, for code hosts and editors
  --strict            undecided is a failure
  --copt OPTION       for the compiler, if FILE is a source; may be repeated
  --weft_NAME=VALUE   any other option of the explorer, see docs/writing-a-test.md

An execution is violated that deadlocks, ends by a signal, by abort(), by a failed assert() or by
an uncaught exception, ends with an exit code other than 0, uses a lock against its contract, or
does not end. Standard input is read to its end first, and every execution gets the same.

exit code   0   holds: every schedule within the bounds was run; or undecided: the budget is spent
           10   violated
           11   undecided, with --strict
           12   no answer: the program does something that the explorer cannot control, a schedule
                is not of this program, or Weft itself failed
            2   the command line is wrong, or the program cannot be built
)";
}

const char* help_of_judge() {
  return R"(weft judge FILE --model NAME [options]

Says whether the calls in FILE can have taken effect one after another, each at one moment between
its call and its return, as the model allows. FILE ("-": standard input) has JSON lines, one object
a call; docs/histories.md says what stands in it:

  {"thread": 0, "operation": "put", "arguments": ["k", 1], "invoked": 10, "returned": 12}
  {"thread": 1, "operation": "get", "arguments": ["k"], "result": 1, "invoked": 11, "returned": 15}

  --model NAME        or NAME:NUMBER, as in queue:10; the models are listed below
  --limit SECONDS     undecided after so long (10)
  --json              the verdict for programs, on standard output; or --json=FILE
  --strict            undecided is a failure

exit code   0   linearizable; or undecided: the limit is spent
           10   violated
           11   undecided, with --strict
           12   no answer: Weft itself failed
            2   the command line is wrong, or FILE is no history of the model

)";
}

}  // namespace weft::cli
