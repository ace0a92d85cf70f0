// What holds of the queues among processes, of which some are killed or write where they should
// not.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/message/queue.h"
#include "stress/message/child_for_test.h"
#include "stress/message/patterns_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;
using testing_message::Child;
using testing_message::demand;
using testing_message::pattern_at;
using testing_message::seconds_of;

// Its number, and a text that is wrong if any byte of it is another item's.
using Numbered = std::pair<std::uint32_t, std::string>;

Numbered numbered(std::uint32_t number, std::size_t size) {
  Numbered item{number, std::string(size, '\0')};
  for (std::size_t i = 0; i < size; ++i) {
    item.second[i] = static_cast<char>(pattern_at(i, static_cast<int>(number)));
  }
  return item;
}
bool is_whole(const Numbered& item) { return item == numbered(item.first, item.second.size()); }

// Mostly short, some longer than a piece, a few longer than the ring.
constexpr std::size_t kRing = 4096;
std::size_t size_of(std::uint32_t number) {
  return number % 50 == 0 ? 10'000 : number % 7 == 0 ? 1500 : number % 90;
}

TEST(IpcQueue, GivesTheItemsOfSeveralProcessesEachOnceAndInTheirOrder) {
  constexpr std::uint32_t kProducers = 3;
  constexpr std::uint32_t kEach = 2000;
  constexpr std::uint32_t kConsumers = 2;
  Queue<Numbered> queue(0, kRing);
  Queue<std::vector<std::uint32_t>> results;
  std::vector<std::unique_ptr<Child>> children;
  for (std::uint32_t producer = 0; producer < kProducers; ++producer) {
    children.push_back(std::make_unique<Child>([&, producer] {
      for (std::uint32_t i = 0; i < kEach; ++i) {
        queue.put(numbered(producer * kEach + i, size_of(i)));
      }
    }));
  }
  for (std::uint32_t consumer = 0; consumer < kConsumers; ++consumer) {
    children.push_back(std::make_unique<Child>([&] {
      std::vector<std::uint32_t> got;
      for (std::uint32_t i = 0; i < kProducers * kEach / kConsumers; ++i) {
        const Numbered item = queue.get();
        demand(is_whole(item), "every item is whole");
        got.push_back(item.first);
      }
      results.put(got);
    }));
  }
  std::vector<std::uint32_t> all;
  for (std::uint32_t consumer = 0; consumer < kConsumers; ++consumer) {
    const std::vector<std::uint32_t> got = results.get();
    for (std::uint32_t producer = 0; producer < kProducers; ++producer) {
      std::vector<std::uint32_t> of_producer;
      std::copy_if(got.begin(), got.end(), std::back_inserter(of_producer),
                   [&](std::uint32_t number) { return number / kEach == producer; });
      EXPECT_TRUE(std::is_sorted(of_producer.begin(), of_producer.end()));
    }
    all.insert(all.end(), got.begin(), got.end());
  }
  for (auto& child : children) EXPECT_EQ(child->join(), 0);
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), kProducers * kEach);
  for (std::uint32_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], i);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.torn(), 0u);
}

// PQ1. What fits is there when its process has ended; what does not holds its process up until it
// is got.
TEST(IpcQueue, HoldsAProcessUpOnlyForWhatDoesNotFit) {
  for (const std::size_t size : {1u, 65'535u, 65'536u, 65'537u, 10u << 20}) {
    Queue<std::string> queue;
    Child child([&] { queue.put(std::string(size, 'q')); });
    const bool fits = size < kQueueBytes;
    if (fits) EXPECT_EQ(child.join(), 0);
    EXPECT_EQ(queue.get().size(), size);
    if (!fits) EXPECT_EQ(child.join(), 0);
  }
}

// PQ2. There is no thread behind a queue that could hold its process up.
TEST(IpcQueue, LetsAProcessEndThoughItsReaderWasKilled) {
  Queue<std::string> queue;
  Child reader([&] { (void)queue.get(); });
  reader.kill();
  EXPECT_EQ(reader.join(), -SIGKILL);
  Child writer([&] { queue.put(std::string(100'000, 'q')); });
  EXPECT_EQ(writer.join(), 0);
  EXPECT_EQ(queue.get().size(), 100'000u);
}

// PQ3. The median, because a loaded machine may delay anything.
TEST(IpcQueue, GoesOnWithinATenthOfASecondAfterAWaitingProcessIsKilled) {
  std::vector<double> gets;
  std::vector<double> puts;
  for (int round = 0; round < 9; ++round) {
    Queue<int> queue(1);
    Queue<int> ready;
    Child getter([&] {
      ready.put(1);
      (void)queue.get();
    });
    (void)ready.get();
    getter.kill();
    (void)getter.join();
    queue.put(1);
    gets.push_back(seconds_of([&] { EXPECT_EQ(queue.get(), 1); }));
    queue.put(2);
    Child putter([&] {
      ready.put(1);
      queue.put(3);
    });
    (void)ready.get();
    putter.kill();
    (void)putter.join();
    EXPECT_EQ(queue.get(), 2);
    puts.push_back(seconds_of([&] { queue.put(4); }));
    const int next = queue.get();
    EXPECT_TRUE(next == 4 || next == 3) << next;
  }
  std::sort(gets.begin(), gets.end());
  std::sort(puts.begin(), puts.end());
  EXPECT_LE(gets[gets.size() / 2], 0.1);
  EXPECT_LE(puts[puts.size() / 2], 0.1);
}

// What the processes of a test leave behind, in memory that survives them.
struct Ledger {
  static constexpr std::uint32_t kItems = 100'000;
  std::atomic<std::uint32_t> put{0};                          // puts that returned
  std::atomic<std::uint32_t> taken{0};                        // gets that returned
  std::array<std::atomic<std::uint8_t>, kItems> times_got{};  // of each item
};

// PQ4, PQ6: a process that is killed anywhere inside put() loses at most what it was putting.
TEST(IpcQueue, LosesNothingOfAKilledProducerButWhatItWasPutting) {
  std::minstd_rand random(3);
  std::uint64_t torn = 0;
  for (int round = 0; round < 100; ++round) {
    Queue<Numbered> queue(0, kRing);
    const auto ledger = internal::SharedObject<Ledger>::make();
    Child producer([&] {
      for (std::uint32_t i = 0; i < Ledger::kItems; ++i) {
        queue.put(numbered(i, size_of(i)));
        ledger->put = i + 1;
      }
    });
    std::uint32_t next = 0;
    const std::uint32_t end = static_cast<std::uint32_t>(random() % 200);
    while (next < end) {
      const Numbered item = queue.get();
      ASSERT_TRUE(is_whole(item));
      ASSERT_EQ(item.first, next++);
    }
    producer.kill();
    ASSERT_EQ(producer.join(), -SIGKILL);
    // The next producer is not held up, and its item comes after all that came before.
    ASSERT_LE(seconds_of([&] {
                Child after([&] { queue.put({Ledger::kItems, ""}); });
                Numbered item = queue.get();
                while (item.first != Ledger::kItems) {
                  ASSERT_TRUE(is_whole(item));
                  ASSERT_EQ(item.first, next++);
                  item = queue.get();
                }
                ASSERT_EQ(after.join(), 0);
              }),
              5.0);
    ASSERT_GE(next, ledger->put);
    ASSERT_LE(next, ledger->put + 1);
    ASSERT_TRUE(queue.empty());
    ASSERT_EQ(queue.qsize(), 0u);
    torn += queue.torn();
  }
  EXPECT_LE(torn, 100u);
}

// PQ4, PQ6: killed inside get(), at most what it was getting.
TEST(IpcQueue, LosesNothingToAKilledConsumerButWhatItWasGetting) {
  std::minstd_rand random(5);
  for (int round = 0; round < 60; ++round) {
    constexpr std::uint32_t kItems = 400;
    Queue<Numbered> queue(0, kRing);
    const auto ledger = internal::SharedObject<Ledger>::make();
    const auto consume = [&] {
      for (;;) {
        const Numbered item = queue.get();
        demand(is_whole(item), "every item is whole");
        if (item.first == kItems) return;
        ++ledger->times_got[item.first];
        ++ledger->taken;
      }
    };
    Child producer([&] {
      for (std::uint32_t i = 0; i <= kItems; ++i) queue.put(numbered(i, size_of(i)));
    });
    Child victim(consume);
    Child survivor(consume);
    const std::uint32_t end = static_cast<std::uint32_t>(random() % kItems);
    while (ledger->taken < end) {
    }
    victim.kill();
    (void)victim.join();
    ASSERT_EQ(producer.join(), 0);
    // The item that ends the survivor may have gone to the victim.
    queue.put({kItems, ""});
    ASSERT_EQ(survivor.join(), 0);
    std::uint32_t missing = 0;
    for (std::uint32_t i = 0; i < kItems; ++i) {
      ASSERT_LE(ledger->times_got[i], 1) << i;
      missing += ledger->times_got[i] == 0 ? 1 : 0;
    }
    ASSERT_LE(missing, 1u);
  }
}

// Ends its process inside get(), when it has taken `pieces`.
class Dies final : public detail::Sink {
 public:
  explicit Dies(int pieces) : pieces_(pieces) {}
  void begin(std::size_t) override {}
  std::span<std::byte> next(std::size_t most) override {
    if (pieces_-- == 0) (void)::raise(SIGKILL);
    bytes_.resize(most);
    return bytes_;
  }

 private:
  int pieces_;
  std::vector<std::byte> bytes_;
};

// What a dead getter has taken of an item, and what it has left, is gone if the put is given up.
TEST(IpcQueue, TakesBackWhatAKilledConsumerWasGetting) {
  for (const int pieces : {0, 1, 2}) {
    Queue<std::string> queue(0, 1024);
    Child getter([&] {
      Dies sink(pieces);
      (void)queue.bytes_for_test().get(sink, Deadline::never());
    });
    EXPECT_THROW(queue.put_for(std::string(4000, 'x'), milliseconds(500)), QueueFull);
    getter.kill();  // only if it has not come so far
    EXPECT_EQ(getter.join(), -SIGKILL);
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.qsize(), 0u);
    queue.put("y");
    EXPECT_EQ(queue.try_get(), "y");
    EXPECT_EQ(queue.torn(), 0u);
  }
}

// PQ5. Each check by a damage that no other one notices.
TEST(IpcQueue, SaysThatItsMemoryWasOverwritten) {
  using detail::FrameHead;
  using detail::Place;
  using detail::Ring;
  // The first message's first frame lies at the beginning of the ring, its second piece, if there
  // is one, a quarter further.
  const auto head = [](Ring& ring, std::size_t unit) -> FrameHead& {
    return *reinterpret_cast<FrameHead*>(detail::bytes_of(ring) + unit * detail::kUnit);
  };
  const std::pair<const char*, std::function<void(Ring&)>> damages[] = {
      {"mark", [&](Ring& ring) { head(ring, 0).mark ^= 1; }},
      {"flags", [&](Ring& ring) { head(ring, 0).flags |= 4; }},
      {"beyond what is there",
       [&](Ring& ring) { head(ring, 0).bytes = head(ring, 0).total = 900; }},
      {"beyond its end", [&](Ring& ring) { head(ring, 0).total = 1; }},
      {"too early an end", [&](Ring& ring) { head(ring, 0).flags |= FrameHead::kLast; }},
      {"another total", [&](Ring& ring) { head(ring, 16).total ^= 64; }},
      {"more than fits",
       [&](Ring& ring) {
         Place put = Place::of(ring.put.word);
         put.position += 1000;
         ring.put.word = put.word();
       }},
  };
  for (const auto& [what, damage] : damages) {
    Queue<std::string> queue(0, 1024);
    queue.put(std::string(350, 'x'));
    damage(queue.bytes_for_test().ring_for_test());
    EXPECT_THROW(queue.get(), CorruptQueueError) << what;
  }
  Queue<std::string> queue(0, 1024);
  queue.put("x");
  Ring& ring = queue.bytes_for_test().ring_for_test();
  const FrameHead before = head(ring, 0);
  head(ring, 0).bytes = head(ring, 0).total = 100;  // beyond what is there
  EXPECT_THROW(queue.get(), CorruptQueueError);
  head(ring, 0) = before;
  Place get = Place::of(ring.put.word);
  get.position += 5;
  ring.put.other = get.word();
  EXPECT_THROW(queue.put("y"), CorruptQueueError);
}

// PQ5. Whatever a stray pointer has written: a value, or an error with a name, in time.
TEST(IpcQueue, SurvivesGarbageInItsMemory) {
  std::minstd_rand random(13);
  int corrupt = 0;
  for (int round = 0; round < 3000; ++round) {
    Queue<Numbered> queue(0, 1024);
    for (std::uint32_t i = 0; i < 3; ++i) queue.put(numbered(i, 40 * i));
    detail::Ring& ring = queue.bytes_for_test().ring_for_test();
    const std::size_t offsets[] = {offsetof(detail::Side, other), offsetof(detail::Side, word),
                                   offsetof(detail::Side, sleeps)};
    auto* const side = reinterpret_cast<std::byte*>(random() % 2 == 0 ? &ring.put : &ring.get);
    std::byte* const at = random() % 2 == 0 ? side + offsets[random() % 3]
                                            : detail::bytes_of(ring) + random() % 1024 / 8 * 8;
    const std::uint64_t garbage = std::uint64_t{random()} << 32 | random();
    std::memcpy(at, &garbage, random() % 2 == 0 ? 4 : 1);
    for (int i = 0; i < 5; ++i) {
      try {
        const std::optional<Numbered> item = queue.try_get_for(milliseconds(0));
        if (item) (void)item->second.size();
        (void)queue.try_put(numbered(9, 100));
        (void)queue.qsize();
      } catch (const CorruptQueueError&) {
        ++corrupt;
      } catch (const DecodeError&) {
      }
    }
  }
  EXPECT_GT(corrupt, 100);
}

}  // namespace
}  // namespace weft::ipc
