// The beginning of a program that is built by weft-cc or weft-c++.
//
// Started by `weft check` it becomes the search: this is before any constructor of the program has
// run, so every process that is forked from here begins as the program does. Started by anybody
// else it is the program that it would be without Weft.
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "stress/explore/explore.h"
#include "stress/explore/raw.h"
#include "stress/explore/real.h"
#include "stress/explore/record.h"
#include "stress/explore/scheduling.h"
#include "stress/explore/startup.h"
#include "stress/program/channel.h"
#include "stress/program/one_execution.h"

namespace weft::program {
namespace {

// Found by `weft check` in the program's file.
[[gnu::used, gnu::retain]] const char mark[] = WEFT_PROGRAM_MARK;

// Takes a variable out of the environment, which the program is to see as its caller's; if a value
// is given, only a variable that has it.
const char* take(char** environment, const char* name, const char* value = nullptr) {
  const size_t size = strlen(name);
  const char* found = nullptr;
  char** kept = environment;
  for (char** each = environment; *each != nullptr; ++each) {
    if (strncmp(*each, name, size) == 0 && (*each)[size] == '=' &&
        (value == nullptr || strcmp(*each + size + 1, value) == 0)) {
      found = *each + size + 1;
    } else {
      *kept++ = *each;
    }
  }
  *kept = nullptr;
  return found;
}

const char* prepare() {
  explore::map_memory_in(kRuntimeWindow);
  if (const char* why = explore::prepare()) return why;
  for (unsigned i = 0; i < explore::interposable_count(); ++i) {
    explore::know_real(explore::interposed_name(i));
  }
  constexpr const char* kMore[] = {"_Unwind_Backtrace", "_Znwm",   "__cxa_at_quick_exit",
                                   "__libc_start_main", "on_exit", "sigaction",
                                   "sigaltstack"};
  for (const char* each : kMore) explore::know_real(each);
  explore::use_unwinder();
  return nullptr;
}

constexpr Runtime kRuntime = {
    .prepare = prepare,
    .use_kernel_threads = explore::use_kernel_threads,
    .uses_kernel_threads = explore::uses_kernel_threads,
    .set_stack_bytes = explore::set_stack_bytes,
    .prepare_threads = explore::map_memory_of_threads,
    .interposed_count = explore::interposed_count,
    .interposable_count = explore::interposable_count,
    .for_each_uninstrumented_library = explore::for_each_uninstrumented_library,
    .load_independent = explore::load_independent,
    .memory_of = explore::memory_of,
    .begin_runner = begin_runner,
    .begin_runs = begin_runs,
    .run_execution = run_execution,
    .end_runner = end_runner,
};

[[noreturn]] void search(const char* library, const char* job) {
  void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) explore::raw_die("the search cannot be loaded: ", dlerror());
  auto* const run = reinterpret_cast<decltype(&weft_search)>(dlsym(handle, "weft_search"));
  if (run == nullptr) explore::raw_die("this is not the search: ", library);
  const int code = run(&kRuntime, job);
  while (true) explore::raw_syscall(SYS_exit_group, code);
}

}  // namespace
}  // namespace weft::program

using namespace weft::program;

extern "C" int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv,
                                 void (*init)(), void (*fini)(), void (*rtld_fini)(),
                                 void* stack_end) {
  program = {main, argc, argv, init, fini, rtld_fini, stack_end};
  char** const environment = argv + argc + 1;
  const char* const library = take(environment, kSearchVariable);
  const char* const job = take(environment, kJobVariable);
  take(environment, "LD_BIND_NOW", kOurBinding);
  if (library != nullptr && job != nullptr) search(library, job);
  return start_program(main);
}
