// A thread joins itself: an error, for it would wait for its own end.
#include "primitives/threading/thread.h"
#include "scenarios/specimens/misuse/misuse.h"

namespace weft::scenarios::specimens::misuse {
namespace {

void join_whom_it_is_given(Thread& other) { other.join(); }

// The error has been reported by join_or_rethrow() below; the hook would print it as well.
void say_nothing(const std::string&, std::exception_ptr) {}

template <bool kItself>
std::string join() {
  const Thread::ExceptionHook before = Thread::set_exception_hook(say_nothing);
  Thread helper([] {});
  helper.start();
  Thread* whom = &helper;
  Thread thread([&whom] { join_whom_it_is_given(*whom); });
  if (kItself) whom = &thread;
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

constinit const Specimen kJoinOfItself{
    .row = "001-3",
    .name = "misuse/join_of_itself",
    .mistake = "a thread joins itself",
    .kind = kind::kException,
    .body = join<true>,
    .mended = join<false>,
};

}  // namespace weft::scenarios::specimens::misuse
