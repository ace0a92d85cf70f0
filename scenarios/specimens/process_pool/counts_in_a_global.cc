// Each process has a count of its own, and this one has another.
#include <optional>
#include <vector>

#include "primitives/ipc/value.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

// The pool's processes have this thread's.
thread_local int counted = 0;
thread_local std::optional<ipc::Value<int>> counted_together;

struct InAGlobal {
  static void count(int) { ++counted; }
  static int all() { return counted; }
};
struct InSharedMemory {
  static void count(int) { (void)counted_together->fetch_add(1); }
  static int all() { return counted_together->get(); }
};

template <class Where>
std::string count_calls() {
  counted = 0;
  counted_together.emplace(0);
  ipc::Pool pool(2);
  pool.map(Where::count, std::vector<int>(10));
  return unless_equal("number of calls", Where::all(), 10);
}

}  // namespace

constinit const Specimen kCountsInAGlobal{
    .row = "004-5b",
    .name = "process_pool/counts_in_a_global",
    .mistake = "a function that is called in processes counts its calls in a global variable",
    .kind = kind::kAssertion,
    .body = count_calls<InAGlobal>,
    .mended = count_calls<InSharedMemory>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
