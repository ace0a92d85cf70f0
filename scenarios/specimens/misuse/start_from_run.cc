// A subclass whose run() calls start() of itself, to go round once more: a thread starts once.
#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

void say_nothing(const std::string&, std::exception_ptr) {}

template <bool kRestarts>
class Rounds : public Thread {
 public:
  void run() override {
    for (int round = 0; round < 2; ++round) {
      ++rounds;
      if (kRestarts) start();
    }
  }
  int rounds = 0;
};

template <bool kRestarts>
std::string go_round_twice() {
  // Without it the default hook would print what join_or_rethrow() hands on.
  const Thread::ExceptionHook before = Thread::set_exception_hook(say_nothing);
  Joining<Rounds<kRestarts>> thread;
  thread.start();
  std::exception_ptr error;
  try {
    thread.join_or_rethrow();
  } catch (...) {
    error = std::current_exception();
  }
  Thread::set_exception_hook(before);
  if (error) std::rethrow_exception(error);
  return "";
}

}  // namespace

constinit const Specimen kStartFromRun{
    .row = "003-4",
    .name = "misuse/start_from_run",
    .mistake = "run() starts its own thread again",
    .kind = kind::kException,
    .body = go_round_twice<true>,
    .mended = go_round_twice<false>,
};

}  // namespace weft::scenarios::specimens::misuse
