// Stacks, with their models.
#include "scenarios/specimens/linearizable/stacks.h"
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
Vocabulary with_size() {
  return stack<C>(operation("size", &C::size, &StackModel::size));
}

template <class C>
Vocabulary by_two() {
  return vocabulary_of<C, StackModel>("Stack",
                                      operation("push", &C::push, &StackModel::push, gen::unique()),
                                      operation("pop_two", &C::pop_two, &StackModel::pop_two));
}

constexpr Row kRows[] = {
    {"ReusedNodes", 6, stack<ReusedNodes<false>>, stack<ReusedNodes<true>>},
    {"PeekThenPop", 3, stack<PeekThenPop<false>>, stack<PeekThenPop<true>>},
    {"OldestFirst", 3, stack<OldestFirst<false>>, stack<OldestFirst<true>>},
    {"CountedLater", 3, with_size<CountedLater<false>>, with_size<CountedLater<true>>},
    {"TwoByTwo", 3, by_two<TwoByTwo<false>>, by_two<TwoByTwo<true>>},
    {"StoredTop", 4, stack<StoredTop<false>>, stack<StoredTop<true>>},
};

const AddedRows added(kRows);

}  // namespace

}  // namespace weft::linearizable
