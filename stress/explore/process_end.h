// How the end of the process is taken.
//
// In a test the process must not end: whoever calls exit() is a finding. A whole program
// (stress/program) ends so, and each of its executions is a process of its own.
//
// Thread safety: as runtime.h; set before the first execution.
#pragma once

namespace weft::explore {

struct ProcessEnd {
  // As exit() does it: with the calling thread's thread_locals, handlers, destructors.
  void (*exit)(int code);
  void (*quick_exit)(int code);
  // At once, with nothing more being run.
  void (*exit_at_once)(int code);
  // pthread_exit() has unwound the main thread's stack, up to here; the others go on.
  void (*main_thread_ended)();
  // Frames of the main thread from this address on are not the program's.
  const void* (*main_stack_begin)();
};

// Null: nothing is known of a process's end, as in a test.
extern const ProcessEnd* process_end __attribute__((visibility("hidden")));

// What an execution changes is gone with its process: nothing outlives it.
inline bool is_whole_program() { return process_end != nullptr; }

}  // namespace weft::explore
