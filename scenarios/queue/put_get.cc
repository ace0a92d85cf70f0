#include "scenarios/queue/put_get.h"

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "primitives/queue/queue.h"
#include "scenarios/judging.h"
#include "scenarios/together.h"

namespace weft::scenarios {
namespace {

constexpr std::size_t kBound = 2;
constexpr int kProducers = 2;
constexpr int kConsumers = 2;
constexpr int kItemsEach = 20;  // put by each producer, got by each consumer
static_assert(kProducers == kConsumers, "as many items are got as put");

struct Item {
  int producer;
  int number;
};

bool in_its_producers_order(const std::vector<Item>& got) {
  std::array<int, kProducers> last;
  last.fill(-1);
  for (const Item& item : got) {
    if (item.number <= std::exchange(last[static_cast<std::size_t>(item.producer)], item.number)) {
      return false;
    }
  }
  return true;
}

void exchange_items(Transcript& out) {
  Queue<Item> q(kBound);
  std::array<std::vector<Item>, kConsumers> got;  // one for each consumer
  together(kProducers + kConsumers, [&](int i) {
    for (int n = 0; n < kItemsEach; ++n) {
      if (i < kProducers) {
        q.put({i, n});
      } else {
        got[static_cast<std::size_t>(i - kProducers)].push_back(q.get());
      }
      out.claim(q.qsize() <= kBound, "the queue is longer than its maximum");
    }
  });

  std::array<std::array<int, kItemsEach>, kProducers> times{};
  for (const auto& mine : got) {
    out.claim(in_its_producers_order(mine), "a producer's items came out of order");
    for (const Item& item : mine) {
      ++times.at(static_cast<std::size_t>(item.producer)).at(static_cast<std::size_t>(item.number));
    }
  }
  int got_once = 0;
  for (const auto& producer : times) {
    for (const int count : producer) got_once += count == 1 ? 1 : 0;
  }
  out.say("got once: " + std::to_string(got_once) + " of " +
          std::to_string(kProducers * kItemsEach));
}

void run(Transcript& out, const Pace&) {
  Queue<std::string> q;
  q.put("Object");
  out.say(q.get());
  exchange_items(out);
}

std::string judge(const Lines& lines) {
  return say_exactly({"Object", "got once: 40 of 40"}, lines);
}

}  // namespace

constinit const Scenario kPutGet = {
    .row = "001-5b",
    .target = "//scenarios/queue:put_get",
    .shows = "What is put is got, once and in order.",
    .run = run,
    .judge = judge,
};

}  // namespace weft::scenarios
