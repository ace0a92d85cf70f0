// The buffer of the textbooks with one of its two steps wrong: one condition for those that put and
// those that get, of which a single one is woken, who may be the wrong one; and "if" for "while".
// The program "boundedBuffer" of Inspect, in two parts.
#include <condition_variable>
#include <mutex>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/published/published.h"
#include "scenarios/specimens/side_by_side.h"

namespace weft::scenarios::specimens::published {
namespace {

template <bool kWakesAll, bool kLooksAgain>
class Buffer {
 public:
  explicit Buffer(int capacity) : capacity_(capacity) {}
  void put() {
    std::unique_lock hold(lock_);
    while (count_ == capacity_) changed_.wait(hold);
    ++count_;
    tell();
  }
  // False if there was nothing.
  bool get() {
    std::unique_lock hold(lock_);
    if (kLooksAgain) {
      while (count_ == 0) changed_.wait(hold);
    } else {
      if (count_ == 0) changed_.wait(hold);
    }
    const bool was_there = count_ > 0;
    --count_;
    tell();
    return was_there;
  }

 private:
  void tell() { kWakesAll ? changed_.notify_all() : changed_.notify_one(); }

  const int capacity_;
  std::mutex lock_;
  std::condition_variable changed_;
  int count_ = 0;
};

template <class AnyBuffer>
std::string two_get(int capacity) {
  AnyBuffer buffer(capacity);
  bool found[2] = {};
  side_by_side([&] { found[0] = buffer.get(); }, [&] { found[1] = buffer.get(); },
               [&] {
                 buffer.put();
                 buffer.put();
               });
  return unless(found[0] && found[1], "an item was taken that was not there");
}

template <bool kMended>
std::string one_condition() {
  return two_get<Buffer<kMended, true>>(1);
}

template <bool kMended>
std::string if_for_while() {
  return two_get<Buffer<true, kMended>>(2);
}

}  // namespace

constinit const Classic kBoundedBuffer{
    .name = "published/bounded_buffer",
    .family = "bounded_buffer",
    .mistake = "one condition for both sides, and one thread is woken: perhaps of the same side",
    .kind = kind::kDeadlock,
    .says = "waits for condition",
    .preemptions = 0,
    .body = one_condition<false>,
    .mended = one_condition<true>,
};

constinit const Classic kBoundedBufferIf{
    .name = "published/bounded_buffer_if",
    .family = "bounded_buffer",
    .mistake = "a thread that was woken takes for granted that there is an item",
    .kind = kind::kAssertion,
    .preemptions = 0,
    .body = if_for_while<false>,
    .mended = if_for_while<true>,
};

}  // namespace weft::scenarios::specimens::published
