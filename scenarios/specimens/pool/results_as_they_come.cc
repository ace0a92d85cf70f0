// Each task appends its result to the list, in place of each result going to its task's place.
#include <mutex>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/pool/thread_pool.h"
#include "primitives/threading/lock.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/pool/ten_numbers.h"

namespace weft::scenarios::specimens::pool {
namespace {

std::string broken() {
  Lock lock;
  std::vector<int> results;
  ThreadPool pool(4);
  for (int number : ten_numbers()) {
    (void)pool.submit([&lock, &results, number] {
      annotate::point("before the result");
      const int result = adder(number);
      std::scoped_lock hold(lock);
      results.push_back(result);
    });
  }
  pool.close();
  pool.join();
  return unless_doubled(results);
}

std::string mended() {
  ThreadPool pool(4);
  return unless_doubled(pool.map(adder, ten_numbers()));
}

}  // namespace

constinit const Specimen kResultsAsTheyCome{
    .row = "000-8a",
    .name = "pool/results_as_they_come",
    .mistake = "results are collected in the order in which tasks end",
    .kind = kind::kAssertion,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::pool
