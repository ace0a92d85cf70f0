// A barrier that its threads leave one by one; the first one out frees it, while the others still
// read it on their way.
#include <atomic>
#include <thread>

#include "primitives/annotate.h"
#include "scenarios/specimens/lifetime/lifetime.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lifetime {
namespace {

constexpr int kParties = 3;

class SpinningBarrier {
 public:
  // Returns how many have left, the caller included. Who gets kParties may free it.
  int wait() {
    arrived_.fetch_add(1);
    while (arrived_.load() < kParties) {
      annotate::point("inside");
      std::this_thread::yield();
    }
    return left_.fetch_add(1) + 1;
  }

 private:
  std::atomic<int> arrived_{0};
  std::atomic<int> left_{0};
};

enum class FreedBy { kFirstOut, kLastOut };

template <FreedBy kFreedBy>
std::string meet() {
  auto* const barrier = new SpinningBarrier;
  together(kParties, [barrier](int) {
    const int out = barrier->wait();
    if (out == (kFreedBy == FreedBy::kFirstOut ? 1 : kParties)) delete barrier;
  });
  return "";
}

}  // namespace

constinit const Specimen kBarrierFreedWhileLeaving{
    .row = "000-3",
    .name = "lifetime/barrier_freed_while_leaving",
    .mistake = "the first thread that leaves a barrier frees it, while others are still inside",
    .kind = kind::kUnseen,  // reused memory may let a thread spin on, but seldom does
    .kind_under_tsan = kind::kSanitizerReport,
    .kind_under_asan = kind::kCrash,
    .kind_under_explore = kind::kUseAfterFree,
    .body = meet<FreedBy::kFirstOut>,
    .mended = meet<FreedBy::kLastOut>,
};

}  // namespace weft::scenarios::specimens::lifetime
