// The producer notes that it has produced before it sends: but sending runs the stages behind, so
// what is noted after it comes after what they note.
#include "scenarios/specimens/coroutine/coroutine.h"
#include "scenarios/specimens/coroutine/pipeline.h"

namespace weft::scenarios::specimens::coroutine {
namespace {

template <bool kNotesFirst>
std::string produce() {
  std::string notes;
  Stage last = consumer(notes);
  last.next();
  Stage middle = intermediate(notes, last);
  middle.next();
  for (int i = 0; i < 2; ++i) {
    if (kNotesFirst) notes += 'p';
    middle.send(i);
    if (!kNotesFirst) notes += 'p';
  }
  middle.close();
  return unless_noted("1p2p!", notes);
}

}  // namespace

constinit const Specimen kPrintsSwapped{
    .row = "002-7a",
    .name = "coroutine/prints_swapped",
    .mistake = "a producer says that it has produced before it sends",
    .kind = kind::kAssertion,
    .body = produce<true>,
    .mended = produce<false>,
};

}  // namespace weft::scenarios::specimens::coroutine
