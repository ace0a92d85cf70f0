// Two threads share a pool and one queue of results. Each takes the result that comes next for its
// own.
#include "primitives/pool/thread_pool.h"
#include "primitives/queue/queue.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::pool {
namespace {

constexpr int kThreads = 2;

int work(int thread) { return 10 * thread; }

// get(pool, thread): the result for that thread.
template <class Get>
std::string each_gets_its_own(Get get) {
  ThreadPool pool(kThreads);
  int results[kThreads] = {};
  crowd(kThreads, [&](int thread) { results[thread] = get(pool, thread); });
  for (int thread = 0; thread < kThreads; ++thread) {
    if (results[thread] != work(thread)) return "a thread got another's result";
  }
  return "";
}

std::string broken() {
  Queue<int> results;
  return each_gets_its_own([&results](ThreadPool& pool, int thread) {
    (void)pool.submit([&results, thread] { results.put(work(thread)); });
    return results.get();
  });
}

std::string mended() {
  return each_gets_its_own([](ThreadPool& pool, int thread) { return pool.apply(work, thread); });
}

}  // namespace

constinit const Specimen kResultsByArrival{
    .row = "004-6",
    .name = "pool/results_by_arrival",
    .mistake = "a thread takes the result that comes next for its own",
    .kind = kind::kAssertion,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::pool
