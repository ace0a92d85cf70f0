#include "stress/program/one_execution.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signal.h>

#include "stress/explore/conflicts.h"
#include "stress/explore/interpose.h"
#include "stress/explore/process_end.h"
#include "stress/explore/races.h"
#include "stress/explore/raw.h"
#include "stress/explore/real.h"
#include "stress/explore/runtime.h"
#include "stress/explore/scheduling.h"
#include "stress/explore/thread_end.h"
#include "stress/program/image.h"
#include "stress/program/kernel_calls.h"
#include "stress/program/record.h"
#include "stress/program/witness.h"

// Sees to it that an uncaught exception is told with its text.
extern "C" void weft_watch_exceptions();

// The runtime's variables: archive.bzl has given them sections of their own.
extern "C" {
extern const char __start_weft_data[] __attribute__((visibility("hidden")));
extern const char __stop_weft_data[] __attribute__((visibility("hidden")));
extern const char __start_weft_bss[] __attribute__((visibility("hidden")));
extern const char __stop_weft_bss[] __attribute__((visibility("hidden")));
}

namespace weft::program {

Program program;
Shared* notes = nullptr;

namespace {

using explore::Finding;
using explore::Real;
using explore::rt;

const void* main_frame = nullptr;
int quick_code = 0;

Real<void(int)> real_exit{"exit"};
Real<void(int)> real_quick_exit{"quick_exit"};
Real<int(void (*)(int, void*), void*)> real_on_exit{"on_exit"};
Real<int(void (*)(void*), void*)> real_at_quick_exit{"__cxa_at_quick_exit"};

Range range_of(const char* begin, const char* end) {
  return {reinterpret_cast<uintptr_t>(begin), reinterpret_cast<uintptr_t>(end)};
}

void append_conflicts(Shared& shared, Entry& entry) {
  entry.conflicts_begin = shared.log_bytes;
  const uint64_t* const all = explore::conflicts();
  for (uint64_t i = 0; i < explore::kConflictWords; ++i) {
    if (all[i] == 0) continue;
    const Conflicts conflicts = {i, all[i]};
    __builtin_memcpy(append(shared, sizeof conflicts), &conflicts, sizeof conflicts);
    ++entry.conflicts;
  }
}

// The end of all threads, before which those that are left may come as far as they like.
[[noreturn]] void end_process(int code) {
  if (rt.alive > 1) explore::point(explore::operation(explore::Op::kAsk, nullptr, 0));
  rt.current->pending = {};
  code &= 0xff;  // what the system keeps of it
  if (code == 0) explore::end_execution(Finding::kNone, "");
  char digits[4] = {};
  char* at = digits + 3;
  for (; code > 0; code /= 10) *--at = static_cast<char>('0' + code % 10);
  explore::end_execution(Finding::kExit, "the program ended with exit code ", at);
}

void flush() {
  const explore::Outside outside;
  fflush(nullptr);
}

// Registered first, hence called last.
void on_exit_ended(int code, void*) {
  flush();
  end_process(code);
}
void on_quick_exit_ended(void*) { end_process(quick_code); }

void end_by_exit(int code) {
  explore::destroy_thread_locals();
  real_exit(code);
  explore::raw_die("exit() returned");
}

void end_by_quick_exit(int code) {
  quick_code = code;
  real_quick_exit(code);
  explore::raw_die("quick_exit() returned");
}

// Nothing is flushed: _exit() does not either.
void end_at_once(int code) { end_process(code); }

// The last thread of a process calls exit(0), says POSIX of pthread_exit().
void end_main_thread() {
  explore::run_thread_end();
  explore::leave_root();
  for (unsigned id = 1; id < rt.thread_count; ++id) explore::acquire_end(*rt.threads[id]);
  end_by_exit(0);
}

const void* stack_begin() { return main_frame; }

constexpr explore::ProcessEnd kEnd = {
    .exit = end_by_exit,
    .quick_exit = end_by_quick_exit,
    .exit_at_once = end_at_once,
    .main_thread_ended = end_main_thread,
    .main_stack_begin = stack_begin,
};

int run_main(int argc, char** argv, char** environment) {
  main_frame = __builtin_frame_address(0);
  end_by_exit(program.main(argc, argv, environment));
  __builtin_unreachable();
}

void run_program(void*) {
  explore::set_thread_name("main");
  real_on_exit(on_exit_ended, nullptr);
  real_at_quick_exit(on_quick_exit_ended, nullptr);
  weft_watch_exceptions();
  start_program(run_main);
}

}  // namespace

int start_program(int (*main)(int, char**, char**)) {
  static Real<int(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(),
                  void*)>
      real{"__libc_start_main"};
  return real(main, program.argc, program.argv, program.init, program.fini, program.rtld_fini,
              program.stack_end);
}

void begin_runner(Shared& shared) {
  constexpr uint64_t kSilenceSeconds = 10;
  explore::raw_syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  explore::process_end = &kEnd;
  notes = &shared;
  explore::begin_watch(kSilenceSeconds);
  explore::forget_conflicts();
}

void begin_runs(Shared& shared, const SearchLibrary& search) {
  if (explore::uses_kernel_threads()) return;
  const Range own[] = {range_of(__start_weft_data, __stop_weft_data),
                       range_of(__start_weft_bss, __stop_weft_bss), search.data};
  const auto stack = reinterpret_cast<uintptr_t>(program.argv);
  if (begin_image(shared, own, sizeof own / sizeof *own, stack) &&
      !begin_kernel_calls(search.calls)) {
    open_image();
  }
}

bool run_execution(Shared& shared, explore::Strategy& strategy, uint64_t seed,
                   const explore::Limits& limits) {
  Entry& entry = shared.entries[shared.begun - 1];
  if (shared.begun > 1) {
    undo_calls();
    restore_image();
  }
  Witness witness(strategy, shared, entry);
  begin_calls();
  entry.outcome = explore::execute(run_program, nullptr, witness, seed, limits);
  end_calls();
  if (limits.record) record_execution(shared, entry.outcome);
  entry.counters = explore::counters();
  entry.digest = explore::trace_digest();
  entry.drew_random = rt.drew_random;
  if (limits.cover && explore::new_conflicts() > 0) append_conflicts(shared, entry);
  entry.ended = true;
  // What a finding has left out of order does not matter: a search ends with it, or asks for
  // executions one by one.
  return image_is_kept();
}

void end_runner() {
  while (true) explore::raw_syscall(SYS_exit_group, 0);
}

}  // namespace weft::program
