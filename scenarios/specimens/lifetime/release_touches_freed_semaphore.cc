// A semaphore whose release() first gives the permit and then looks whether somebody waits: the
// thread that took the permit may have freed the semaphore in between.
#include <atomic>
#include <memory>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/lifetime/lifetime.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::lifetime {
namespace {

class SpinningSemaphore {
 public:
  explicit SpinningSemaphore(int value) : value_(value) {}
  void acquire() {
    int seen = value_.load();
    while (seen == 0 || !value_.compare_exchange_weak(seen, seen - 1)) {
      std::this_thread::yield();
      seen = value_.load();
    }
  }
  void release() {
    value_.fetch_add(1);
    annotate::point("between the permit and the wake-up");
    if (sleepers_.load() > 0) wake_one();
  }

 private:
  void wake_one() {}  // nobody sleeps in this one

  std::atomic<int> value_;
  std::atomic<int> sleepers_{0};
};

// The usual way to wait for one answer.
template <class AnySemaphore>
std::string ask_and_free() {
  auto answered = std::make_unique<AnySemaphore>(0);
  AnySemaphore* const answer = answered.get();
  together({
      [&] {
        answered->acquire();
        answered.reset();
      },
      [answer] { answer->release(); },
  });
  return "";
}

}  // namespace

constinit const Specimen kReleaseTouchesFreedSemaphore{
    .row = "001-9",
    .name = "lifetime/release_touches_freed_semaphore",
    .mistake = "release() reads the semaphore after it has let go the thread that frees it",
    .kind = kind::kUnseen,  // it reads freed memory and does nothing with it
    .kind_under_tsan = kind::kSanitizerReport,
    .kind_under_asan = kind::kCrash,
    .kind_under_explore = kind::kUseAfterFree,
    .body = ask_and_free<SpinningSemaphore>,
    .mended = ask_and_free<Semaphore>,
};

}  // namespace weft::scenarios::specimens::lifetime
