// Thread(target=f()): f is called by whoever makes the thread, and the thread gets what f returned.
#include <thread>

#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

template <bool kCallsAtOnce>
std::string add_in_a_thread() {
  std::thread::id worked_in;
  const auto add = [&] {
    worked_in = std::this_thread::get_id();
    return [] {};  // what the thread is to do afterwards
  };
  if (kCallsAtOnce) {
    Thread thread(add());
    thread.start();
  } else {
    Thread thread(add);
    thread.start();
  }
  if (worked_in != std::this_thread::get_id()) return "";
  return "the target ran in the thread that constructed the Thread";
}

}  // namespace

constinit const Specimen kTargetCalledAtOnce{
    .row = "000-1",
    .name = "misuse/target_called_at_once",
    .mistake = "the target is called while the thread is constructed, not by the thread",
    .kind = kind::kAssertion,
    .body = add_in_a_thread<true>,
    .mended = add_in_a_thread<false>,
};

}  // namespace weft::scenarios::specimens::misuse
