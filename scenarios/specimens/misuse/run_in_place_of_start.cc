// run() is called where start() is meant: no thread comes into being, and the caller does the work.
#include <thread>

#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

template <bool kStarts>
std::string add_in_a_thread() {
  std::thread::id worked_in;
  Thread thread([&] { worked_in = std::this_thread::get_id(); });
  if (kStarts) {
    thread.start();
    thread.join();
  } else {
    thread.run();
  }
  if (worked_in != std::this_thread::get_id()) return "";
  return "the thread's function ran in the thread of its caller";
}

}  // namespace

constinit const Specimen kRunInPlaceOfStart{
    .row = "000-1",
    .name = "misuse/run_in_place_of_start",
    .mistake = "run() is called directly, which starts no thread",
    .kind = kind::kAssertion,
    .body = add_in_a_thread<false>,
    .mended = add_in_a_thread<true>,
};

}  // namespace weft::scenarios::specimens::misuse
