#include "stress/run/last_words.h"

#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "stress/run/build_mode.h"
#include "stress/run/hang_report.h"
#include "stress/run/process.h"
#include "stress/run/report.h"
#include "stress/run/tasks.h"

namespace weft::internal {
namespace {

void* speak(void*) {
  std::fputs("weft: SIGTERM outside of any check; the threads:\n", stderr);
  std::vector<Task> tasks = tasks_now();
  std::erase_if(tasks, [own = gettid()](const Task& task) { return task.tid == own; });
  std::string text;
  for (const ThreadDump& thread : dumps_of(tasks)) text += to_string(thread);
  std::fputs(text.c_str(), stderr);
  terminate_now();
}

// A thread of its own, because the interrupted one could not tell its own stack. Made only now: one
// that waited for this moment would be in the way of checks that fork.
WEFT_UNINSTRUMENTED bool begin_to_speak() {
  pthread_t speaker;
  return pthread_create(&speaker, nullptr, speak, nullptr) == 0;
}

}  // namespace

void print_all_stacks_at_termination() { set_last_words(begin_to_speak); }

}  // namespace weft::internal
