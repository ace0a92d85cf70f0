// Objects that say how far their calls come, with their models: right in what they return.
#include "scenarios/specimens/linearizable/progress.h"
#include "stress/linearize/front.h"
#include "stress/specimens/linearizable/models.h"
#include "stress/specimens/linearizable/row.h"

namespace weft::linearizable {
namespace {

using namespace scenarios::specimens::linearizable;
using namespace linearize::words;
using generate::Vocabulary;
using linearize::vocabulary_of;

template <class C>
Vocabulary lock_free_queue() {
  return queue<C>(lock_free());
}

// No two threads on either side: lock-free then, and more.
template <class C>
Vocabulary lock_free_pipe() {
  return pipe<C>(lock_free(10));
}

template <class C>
Vocabulary lock_free_stack() {
  return stack<C>(lock_free());
}

template <class C>
Vocabulary pair() {
  return vocabulary_of<C, PairModel>(
      "Pair", operation("write", &C::write, &PairModel::write, gen::inRange(1, 4)).by("writer"),
      operation("read", &C::read, &PairModel::read), obstruction_free());
}

template <class C>
Vocabulary wait_free_numbers() {
  return numbers<C>(wait_free_within(C::kSteps));
}

constexpr Row kRows[] = {
    {"NobodyHelps", 2, lock_free_queue<NobodyHelps<false>>, lock_free_queue<NobodyHelps<true>>},
    {"SpinsOnAFlag", 2, lock_free_stack<SpinsOnAFlag<false>>, lock_free_stack<SpinsOnAFlag<true>>},
    {"BehindAMutex", 2, lock_free_pipe<BehindAMutex<false>>, lock_free_pipe<BehindAMutex<true>>},
    {"WaitsForTheWriter", 2, pair<WaitsForTheWriter<false>>, pair<WaitsForTheWriter<true>>},
    {"TriesAgain", 3, wait_free_numbers<TriesAgain<false>>, wait_free_numbers<TriesAgain<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
