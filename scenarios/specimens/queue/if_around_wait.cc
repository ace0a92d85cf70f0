// A consumer that was woken takes what it was woken for, without a second look: but another
// consumer may have come in between and taken it.
#include <atomic>

#include "primitives/annotate.h"
#include "scenarios/specimens/queue/queue.h"
#include "scenarios/specimens/queue/textbook_queue.h"
#include "scenarios/together.h"

namespace weft::scenarios::specimens::queue {
namespace {

constexpr int kItemsEach = 4;

class LooksOnce : public TextbookQueue {
 public:
  std::optional<int> get() {
    std::scoped_lock hold(lock_);
    if (items_.empty()) not_empty_.wait();
    return take();
  }
};

template <class Queue>
std::string consume() {
  Queue queue;
  std::atomic<int> from_an_empty_queue{0};
  const auto consumer = [&] {
    for (int i = 0; i < kItemsEach; ++i) {
      if (!queue.get()) ++from_an_empty_queue;
    }
  };
  together({consumer, consumer, [&] {
              for (int i = 0; i < 2 * kItemsEach; ++i) {
                queue.put(i);
                annotate::point("has put one item");
              }
            }});
  if (from_an_empty_queue == 0) return "";
  return "a consumer took an item from an empty queue";
}

}  // namespace

constinit const Specimen kIfAroundWait{
    .row = "001-5b",
    .name = "queue/if_around_wait",
    .mistake = "the wait for an item stands in an if instead of a while",
    .kind = kind::kAssertion,
    .body = consume<LooksOnce>,
    .mended = consume<TextbookQueue>,
};

}  // namespace weft::scenarios::specimens::queue
