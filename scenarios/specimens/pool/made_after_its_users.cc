// The pool is a global variable. A thread that uses it is started before the pool is made.
#include <thread>

#include "primitives/pool/thread_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

template <bool kMadeFirst>
std::string use_a_global() {
  ThreadPool* pool = nullptr;
  int result = 0;
  std::thread some_thread;
  const auto start = [&] {
    some_thread = std::thread([&] {
      if (pool) result = pool->apply([] { return 1; });
    });
  };
  if (!kMadeFirst) start();
  ThreadPool made(1);
  pool = &made;
  if (kMadeFirst) start();
  some_thread.join();
  return unless_equal("result of the thread that may find no pool", result, 1);
}

}  // namespace

constinit const Specimen kMadeAfterItsUsers{
    .row = "004-6",
    .name = "pool/made_after_its_users",
    .mistake = "a thread that uses the pool starts before the pool is made",
    .kind = kind::kAssertion,
    .kind_under_tsan = kind::kDataRace,
    .kind_under_explore = kind::kDataRace,
    .body = use_a_global<false>,
    .mended = use_a_global<true>,
};

}  // namespace weft::scenarios::specimens::pool
