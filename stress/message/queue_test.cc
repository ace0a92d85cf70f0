// The queues between processes among the threads of one process, in every mode: what they do is a
// matter of shared memory alone. queue_process_test.cc has the processes.
#include "primitives/message/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "primitives/annotate.h"
#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/properties/expect.h"
#include "stress/properties/queues.h"
#include "stress/run/build_mode.h"

namespace weft::ipc {
namespace {

using properties::Item;
using properties::Order;
using properties::QueueState;
using properties::Vocabulary;
using std::chrono::hours;
using std::chrono::milliseconds;

// A ring of 32 units: an Item takes two, and a piece of a long message eight. Smaller ones are
// quicker to explore.
constexpr std::size_t kSmallRing = 512;

struct SmallQueue : Queue<Item> {
  explicit SmallQueue(std::size_t maximum) : Queue<Item>(maximum, kSmallRing) {}
};
struct SmallJoinable : JoinableQueue<Item> {
  explicit SmallJoinable(std::size_t maximum) : JoinableQueue<Item>(maximum, kSmallRing) {}
};
struct SmallSimple : SimpleQueue<Item> {
  SmallSimple() : SimpleQueue<Item>(kSmallRing) {}
};

// An hour is not to end a wait, though the explorer's threads may be slower than that.
const Options kPatiently{.patient = true};

// Everything that a JoinableQueue can do, beside weft::Queue's model.
Vocabulary joinable_vocabulary(std::string name, std::size_t maximum) {
  using Q = SmallJoinable;
  auto words = properties::words_of_queue<Q>(std::move(name), Order::kFifo, maximum);
  properties::add_put(words);
  properties::add_get(words);
  properties::add_put_nowait(words);
  properties::add_get_nowait(words);
  properties::add_qsize(words);
  properties::add_task_done(words);
  properties::add_join(words);
  return words
      .contents(
          [](Q& q) {
            const std::string rest = "unfinished " + std::to_string(q.unfinished_tasks());
            return properties::drained_labels(q) + rest;
          },
          [](const QueueState& s) { return s.contents(); })
      .rescue([](Q& q) {
        if (!q.try_get()) (void)q.try_put(Item{});
        while (q.unfinished_tasks() > 0) q.task_done();
      });
}

TEST(IpcQueueProperties, GivesEachItemOnceInTheOrderOfPuts) {
  properties::expect_holds(
      properties::put_get_vocabulary<SmallQueue>("ipc::Queue of 1, put and get", Order::kFifo, 1),
      {.calls_max = 5});
}
TEST(IpcQueueProperties, DoesAllThatTheModelDoes) {
  properties::expect_holds(joinable_vocabulary("ipc::JoinableQueue of 2", 2));
}
TEST(IpcQueueProperties, SimpleQueueDoesAllThatTheModelDoes) {
  properties::expect_holds(properties::simple_queue_vocabulary<SmallSimple>("ipc::SimpleQueue"));
}

TEST(IpcQueue, SaysIfThereIsNoRoomOrNoItemInTime) {
  Queue<int> queue(2, kSmallRing);
  EXPECT_TRUE(queue.empty() && !queue.full());
  EXPECT_THROW(queue.get_nowait(), QueueEmpty);
  EXPECT_THROW(queue.get_for(milliseconds(1)), QueueEmpty);
  EXPECT_THROW(queue.get_for(milliseconds(-1)), QueueEmpty);
  EXPECT_FALSE(queue.try_get() || queue.try_get_for(milliseconds(1)));
  queue.put(1);
  queue.put_for(2, hours(1));
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.qsize(), 2u);
  EXPECT_THROW(queue.put_nowait(3), QueueFull);
  EXPECT_THROW(queue.put_for(3, milliseconds(1)), QueueFull);
  EXPECT_FALSE(queue.try_put(3));
  EXPECT_FALSE(queue.try_put_until(3, std::chrono::system_clock::now() + milliseconds(1)));
  EXPECT_EQ(queue.get(), 1);
  EXPECT_EQ(queue.get_for(hours(1)), 2);
  EXPECT_TRUE(queue.empty());
  const auto now = std::chrono::system_clock::now();
  EXPECT_EQ(queue.try_get_until(now + milliseconds(1)), std::nullopt);
  EXPECT_TRUE(queue.try_put_until(4, now + hours(1)));
  EXPECT_EQ(queue.try_get_until(now + hours(1)), 4);
  EXPECT_EQ(queue.try_get_until(now - hours(1)), std::nullopt);
}

TEST(IpcQueue, SaysHowManyItemsItTakesAtMost) {
  EXPECT_EQ(Queue<int>(3).maximum(), 3u);
  EXPECT_EQ(Queue<int>().maximum(), 0u) << "no limit but its bytes";
}

TEST(IpcQueue, RefusesEverythingOnceItsHandleIsClosed) {
  JoinableQueue<int> queue(0, kSmallRing);
  JoinableQueue<int> copy = queue;
  queue.put(1);
  queue.close();
  queue.close();
  EXPECT_THROW(queue.put(2), ValueError);
  EXPECT_THROW(queue.get(), ValueError);
  EXPECT_THROW((void)queue.empty(), ValueError);
  EXPECT_THROW((void)queue.qsize(), ValueError);
  EXPECT_THROW(queue.task_done(), ValueError);
  EXPECT_THROW(queue.join(), ValueError);
  EXPECT_TRUE(queue.closed() && !copy.closed());
  EXPECT_EQ(copy.get(), 1);
  EXPECT_TRUE(JoinableQueue<int>(queue).closed());
}

TEST(IpcQueue, RefusesWhatIsTooLarge) {
  EXPECT_THROW(Queue<int>(std::size_t{1} << 31), ValueError);
  EXPECT_THROW(Queue<int>(0, std::size_t{1} << 40), ValueError);
}

TEST(IpcQueue, CountsWhatIsUnfinished) {
  JoinableQueue<int> queue(0, kSmallRing);
  queue.join();
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.put(1);
  EXPECT_FALSE(queue.join_for(milliseconds(1)));
  queue.task_done();  // before it is got
  queue.join();
  EXPECT_THROW(queue.task_done(), ValueError);
  EXPECT_EQ(queue.get(), 1);
}

// Positions and counts begin just before they wrap around, so each of these goes past that.
TEST(IpcQueue, KeepsMessagesOfEveryLengthWhole) {
  Queue<std::string> texts(0, kSmallRing);
  Queue<std::vector<std::uint32_t>> words(0, kSmallRing);
  Queue<std::vector<std::string>> lists(0, 2 * kSmallRing);
  std::string text;
  std::vector<std::uint32_t> numbers;
  for (std::size_t length = 0; length < 300; ++length) {
    texts.put(text);
    EXPECT_EQ(texts.get(), text);
    lists.put({text, text.substr(length / 2)});
    EXPECT_EQ(lists.get(), std::vector<std::string>({text, text.substr(length / 2)}));
    if (length < 70) {
      words.put(numbers);
      std::vector<std::uint32_t> got(length * 7 % 100, 9);
      words.get_into(got);
      EXPECT_EQ(got, numbers);
      numbers.push_back(static_cast<std::uint32_t>(length) * 12345);
    }
    text.push_back(static_cast<char>('a' + length % 26));
  }
  EXPECT_EQ(texts.torn() + words.torn() + lists.torn(), 0u);
}

TEST(IpcQueue, PutsNothingThatCannotBePutInTime) {
  Queue<std::string> queue(0, kSmallRing);
  const std::string longer_than_all(kSmallRing + 1, 'x');
  const std::string most(380, 'y');
  EXPECT_FALSE(queue.try_put(longer_than_all));
  EXPECT_THROW(queue.put_for(longer_than_all, milliseconds(1)), QueueFull);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.qsize(), 0u);
  EXPECT_TRUE(queue.try_put(most));
  EXPECT_FALSE(queue.try_put(most));
  EXPECT_THROW(queue.put_for(most, milliseconds(1)), QueueFull);
  EXPECT_EQ(queue.get(), most);
  EXPECT_FALSE(queue.try_get());
  EXPECT_TRUE(queue.try_put("z"));
  EXPECT_THROW(queue.put_for(longer_than_all, milliseconds(1)), QueueFull);
  EXPECT_EQ(queue.get(), "z");
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.torn(), 0u);
}

TEST(IpcQueue, RefusesAnItemOfAnotherTypeAndGoesOn) {
  Queue<std::string> queue(0, kSmallRing);
  detail::ByteQueue& bytes = queue.bytes_for_test();
  for (const auto& message : {encode(std::vector<int>(7)), encode(1), std::vector<std::byte>(3),
                              std::vector<std::byte>(), encode(std::string("abc"))}) {
    ASSERT_TRUE(bytes.put(message, {}, Deadline::passed()));
  }
  for (int i = 0; i < 4; ++i) EXPECT_THROW(queue.get(), DecodeError);
  EXPECT_EQ(queue.get(), "abc");
  auto cut = encode(std::string("abc"));
  cut.pop_back();
  ASSERT_TRUE(bytes.put(cut, {}, Deadline::passed()));
  EXPECT_THROW(queue.get(), DecodeError);
  EXPECT_EQ(queue.qsize(), 0u);
}

TEST(IpcQueue, IsNamedByAReportOfADeadlock) {
  if (!kExplored) GTEST_SKIP() << "on real threads a bounded sleep is no hang";
  const Report report = expect_violation(Kind::kDeadlock, [](weft::Run& run) {
    Queue<int> queue(1, kSmallRing);
    annotate::named(queue.shared_address(), "orders");
    run.thread("reader", [&] { (void)queue.get(); });
    run.join();
  });
  ASSERT_TRUE(report.violation.has_value());
  EXPECT_NE(report.violation->text.find("reader waits for ipc::Queue.get 'orders'"),
            std::string::npos)
      << report.violation->text;
}

// What a producer wrote before put() is seen by whom gets the item, also where it is no part of it.
TEST(IpcQueue, OrdersWhatWasDoneBeforePut) {
  check([](weft::Run& run) {
    Queue<int> queue(1, kSmallRing);
    int there = 0;
    int back = 0;
    run.thread([&] {
      there = 1;
      queue.put(1);
      queue.put(2);  // waits for the getter's room
    });
    run.thread([&] {
      (void)queue.get();
      run.require(there == 1, "the put orders");
      back = queue.get();
    });
    run.join();
    run.require(back == 2, "the second comes second");
  });
}

TEST(IpcQueue, SnapshotsAreOfOneMoment) {
  check([](weft::Run& run) {
    Queue<int> queue(1, kSmallRing);
    run.thread([&] {
      for (int i = 0; i < 3; ++i) queue.put(i);
    });
    run.thread([&] {
      for (int i = 0; i < 3; ++i) (void)queue.get();
    });
    run.thread([&] { run.require(queue.qsize() <= 1, "qsize is never above the maximum"); });
    run.join();
  });
}

TEST(IpcQueue, AWaitThatCanSucceedInTimeDoes) {
  check(
      [](weft::Run& run) {
        Queue<int> queue(1, kSmallRing);
        run.thread([&] { EXPECT_EQ(queue.get_for(hours(1)), 1); });
        run.thread([&] {
          queue.put_for(1, hours(1));
          queue.put_for(2, hours(1));
        });
        run.join();
        run.require(queue.get() == 2, "the second got in after the first was got");
      },
      kPatiently);
}

TEST(IpcQueue, AGetterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    Queue<int> queue(0, kSmallRing);
    std::atomic<int> got{0};
    run.thread(
        [&] { got += queue.try_get_for(std::chrono::microseconds(50)).has_value() ? 1 : 0; });
    run.thread([&] {
      (void)queue.get();
      ++got;
    });
    run.thread([&] {
      queue.put(1);
      queue.put(2);
    });
    run.join();
    run.require(got + static_cast<int>(queue.qsize()) == 2, "each is got or still there");
  });
}

TEST(IpcQueue, APutterThatGivesUpSwallowsNoWakeUp) {
  check([](weft::Run& run) {
    Queue<int> queue(1, kSmallRing);
    queue.put(0);
    run.thread([&] { (void)queue.try_put_until(2, std::chrono::steady_clock::now()); });
    run.thread([&] {
      try {
        queue.put_for(2, std::chrono::microseconds(50));
      } catch (const QueueFull&) {
      }
    });
    run.thread([&] { queue.put(3); });
    run.thread([&] {
      while (queue.get() != 3) {
      }
    });
    run.join();
    run.require(queue.qsize() <= 1, "the maximum holds");
  });
}

// The joiner that looks between the last task_done() and its wake-up takes no other one's away.
TEST(IpcQueue, TheLastTaskDoneLetsEveryJoinerGo) {
  check([](weft::Run& run) {
    JoinableQueue<int> queue(0, kSmallRing);
    queue.put(1);
    for (int joiner = 0; joiner < 2; ++joiner) run.thread([&] { queue.join(); });
    run.thread([&] { queue.task_done(); });
    run.join();
    run.require(queue.unfinished_tasks() == 0, "all is done");
  });
}

TEST(IpcQueue, JoinWaitsForTheWorkOnEveryItem) {
  check([](weft::Run& run) {
    JoinableQueue<int> queue(0, kSmallRing);
    for (int i = 0; i < 4; ++i) queue.put(i);
    std::vector<int> done(4, 0);  // each element is one worker's, and the joiners' after
    for (int worker = 0; worker < 2; ++worker) {
      run.thread([&] {
        while (const std::optional<int> item = queue.try_get()) {
          done[static_cast<std::size_t>(*item)] = 1;
          queue.task_done();
        }
      });
    }
    for (int joiner = 0; joiner < 2; ++joiner) {
      run.thread([&] {
        queue.join();
        run.require(done == std::vector<int>(4, 1), "join returns when all is done, and sees it");
      });
    }
    run.join();
  });
}

}  // namespace
}  // namespace weft::ipc
