// explore.h for a search in another process than the executions.
//
// remote.cc defines the functions of stress/explore/explore.h, so that all that is written against
// it (stress/run, stress/report) serves for whole programs as it is. execute() makes a process,
// which runs the program, and then calls the body in this process, to tell what the program told.
//
// Thread safety: as explore.h.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "stress/program/channel.h"

namespace weft::program {

// Before any function of explore.h. `runtime` is the program's.
void connect(const Runtime& runtime);

// What the last execution told, for the body: in order, with the id of the thread in
// explore::this_thread_id() meanwhile. Nothing of one that was not recorded.
void for_each_note(const std::function<void(const char* text)>& told);

// Made for executions so far.
std::uint64_t processes();

// Where executions' standard output and standard error go: to nobody by default. All: to this
// process's. Of a recorded execution they are kept in any case.
void show_output(bool all);
// What the last recorded execution has printed; the end of it, if it is long.
std::string output_of_last_recorded();

}  // namespace weft::program
