// The arguments of a call are a list of one number. In the document `(args)` is no tuple of one; in
// C++ it is `std::vector<int>(5)` that is no list of one five, but of five zeros.
#include <numeric>
#include <vector>

#include "primitives/pool/thread_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/pool/pool.h"

namespace weft::scenarios::specimens::pool {
namespace {

int work(const std::vector<int>& args) { return std::accumulate(args.begin(), args.end(), 0); }

std::string broken() {
  ThreadPool pool(1);
  return unless_equal("sum of the arguments", pool.apply(work, std::vector<int>(5)), 5);
}

std::string mended() {
  ThreadPool pool(1);
  return unless_equal("sum of the arguments", pool.apply(work, std::vector<int>{5}), 5);
}

}  // namespace

constinit const Specimen kParenthesesMakeNoList{
    .row = "004-6",
    .name = "pool/parentheses_make_no_list",
    .mistake = "parentheses around an argument make no list of it",
    .kind = kind::kAssertion,
    .body = broken,
    .mended = mended,
};

}  // namespace weft::scenarios::specimens::pool
