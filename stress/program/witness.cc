#include "stress/program/witness.h"

#include "stress/explore/raw.h"

namespace weft::program {

using explore::Candidates;
using explore::Operation;
using explore::ThreadId;

char* append(Shared& shared, size_t bytes) {
  if (shared.log_bytes + bytes > Shared::kLogBytes) {
    explore::raw_die("an execution made more decisions than there is room to write them down");
  }
  char* const at = shared.log + shared.log_bytes;
  shared.log_bytes += bytes;
  return at;
}

// Written before the answer is acted upon, so that it is there whatever comes of it.
ThreadId Witness::choose(const Candidates& candidates) {
  const ThreadId answer = strategy_.choose(candidates);
  const unsigned index = answer == explore::kNobody ? 0 : candidates.index_of(answer);
  const bool apart = !candidates.current_may;  // its operation is told as well
  Asked asked = {.what = Asked::What::kChoose,
                 .question = {},
                 .current_may = candidates.current_may,
                 .current = candidates.current,
                 .answer = answer,
                 .count = static_cast<uint16_t>(candidates.count),
                 .index = static_cast<uint16_t>(index),
                 .words = candidates.words,
                 .operations = candidates.count + (apart ? 1 : 0)};
  char* at = append(
      shared_, sizeof asked + asked.words * sizeof(uint64_t) + asked.operations * sizeof(Told));
  __builtin_memcpy(at, &asked, sizeof asked);
  at += sizeof asked;
  __builtin_memcpy(at, candidates.set.words, asked.words * sizeof(uint64_t));
  at += asked.words * sizeof(uint64_t);
  const auto tell = [&](ThreadId id) {
    const Told told = {id, *candidates.pending[id]};
    __builtin_memcpy(at, &told, sizeof told);
    at += sizeof told;
  };
  if (apart) tell(candidates.current);
  candidates.for_each(tell);
  ++entry_.asked;
  return answer;
}

unsigned Witness::choose_value(explore::Question question, unsigned n) {
  const unsigned answer = strategy_.choose_value(question, n);
  const Asked asked = {.what = Asked::What::kValue,
                       .question = question,
                       .current_may = false,
                       .current = 0,
                       .answer = static_cast<ThreadId>(answer),
                       .count = static_cast<uint16_t>(n),
                       .index = static_cast<uint16_t>(answer),
                       .words = 0,
                       .operations = 0};
  __builtin_memcpy(append(shared_, sizeof asked), &asked, sizeof asked);
  ++entry_.asked;
  return answer;
}

void Witness::step(ThreadId id, const Operation& pending) {
  strategy_.step(id, pending);
  const Asked asked = {.what = Asked::What::kStep,
                       .question = {},
                       .current_may = false,
                       .current = id,
                       .answer = 0,
                       .count = 0,
                       .index = 0,
                       .words = 0,
                       .operations = 1};
  const Told told = {id, pending};
  char* const at = append(shared_, sizeof asked + sizeof told);
  __builtin_memcpy(at, &asked, sizeof asked);
  __builtin_memcpy(at + sizeof asked, &told, sizeof told);
  ++entry_.asked;
}

}  // namespace weft::program
