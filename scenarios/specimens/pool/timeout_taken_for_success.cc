// A wait with a limit returns when the time is over, too. Its answer says which it was, and nobody
// asked.
#include <chrono>

#include "primitives/pool/thread_pool.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

template <bool kAsked>
std::string wait_a_while() {
  Event go;
  int sum = 0;
  ThreadPool pool(1);
  const auto result = pool.apply_async([&go, &sum] {
    go.wait();
    sum = 3;
  });
  const bool is_there = result.wait_for(std::chrono::milliseconds(1));
  if (kAsked && !is_there) {
    go.set();
    result.wait();
  }
  const int seen = sum;
  go.set();
  return unless_equal("sum", seen, 3);
}

}  // namespace

constinit const Specimen kTimeoutTakenForSuccess{
    .row = "000-8b",
    .name = "pool/timeout_taken_for_success",
    .mistake = "a wait whose time was over is taken for one that saw the result",
    .kind = kind::kAssertion,
    .body = wait_a_while<false>,
    .mended = wait_a_while<true>,
};

}  // namespace weft::scenarios::specimens::pool
