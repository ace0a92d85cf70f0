// Executions of a whole program, in a process made for them.
//
// Thread safety: by that process.
#pragma once

#include "stress/program/channel.h"

namespace weft::program {

// As the program's first instructions hand them on.
struct Program {
  int (*main)(int, char**, char**);
  int argc;
  char** argv;
  void (*init)();
  void (*fini)();
  void (*rtld_fini)();
  void* stack_end;
};
extern Program program;

// libc's own beginning of a program, with constructors, this main(), and exit().
int start_program(int (*main)(int, char**, char**));

// As struct Runtime says.
void begin_runner(Shared& shared);
void begin_runs(Shared& shared, const SearchLibrary& search);
bool run_execution(Shared& shared, explore::Strategy& strategy, uint64_t seed,
                   const explore::Limits& limits);
void end_runner();

// Where weft_event() goes; null outside an execution.
extern Shared* notes;

}  // namespace weft::program
