// Explores body() and prints what the runtime had under control, as lines "NAME VALUE".
//
// Not instrumented, and nothing of std: an inline function of std that were compiled here could
// take the place of the body's own.
#include <stdio.h>
#include <string.h>

#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"

void body(void*);

namespace {

constexpr unsigned kExecutions = 2000;
uint64_t digests[kExecutions];
unsigned distinct = 0;

void count(uint64_t digest) {
  for (unsigned i = 0; i < distinct; ++i) {
    if (digests[i] == digest) return;
  }
  digests[distinct++] = digest;
}

}  // namespace

int main() {
  namespace explore = weft::explore;
  if (const char* why = explore::prepare()) {
    printf("refused %s\n", why);
    return 3;
  }
  static explore::RandomWalk strategy;
  explore::Limits limits;
  limits.races = false;  // the bodies make accesses of every kind, and order none
  unsigned long long steps = 0;
  unsigned long long accesses = 0;
  // The first execution meets what the others find done, such as statics of libstdc++.
  for (unsigned i = 0; i <= kExecutions; ++i) {
    const explore::Outcome& outcome = explore::execute(body, nullptr, strategy, i, limits);
    if (outcome.finding != explore::Finding::kNone) {
      printf("finding %s: %s\n", explore::name_of(outcome.finding), outcome.text);
      return 1;
    }
    if (i == 0) continue;
    steps += explore::counters().steps;
    accesses += explore::counters().accesses;
    count(explore::trace_digest());
  }
  printf("interposed %u\ninterposable %u\n", explore::interposed_count(),
         explore::interposable_count());
  explore::for_each_uninstrumented_library(
      [](const char* name, void*) { printf("uninstrumented %s\n", name); }, nullptr);
  printf("steps %llu\naccesses %llu\ndistinct %u\n", steps, accesses, distinct);
  return 0;
}
