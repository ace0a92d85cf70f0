// A thread is joined that was never started: an error, for it would never end.
#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

template <bool kStarts>
std::string join() {
  Thread thread([] {});
  if (kStarts) thread.start();
  thread.join();
  return "";
}

}  // namespace

constinit const Specimen kJoinBeforeStart{
    .row = "001-3",
    .name = "misuse/join_before_start",
    .mistake = "join() is called on a thread that was never started",
    .kind = kind::kException,
    .body = join<false>,
    .mended = join<true>,
};

}  // namespace weft::scenarios::specimens::misuse
