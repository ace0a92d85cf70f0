// Queues and connections, with a kill before and after each named step of an operation in which
// somebody else takes part: no message is lost but the dead one's, none comes twice or torn, and
// the others go on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/ipc/value.h"
#include "primitives/message/connection.h"
#include "primitives/message/queue.h"
#include "primitives/process/wait.h"
#include "stress/fault/asleep.h"
#include "stress/fault/breakpoints.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_at_points.h"
#include "stress/fault/single_step.h"
#include "stress/fault/survivor.h"

namespace weft::fault {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

// Of this length, with its number all over it.
std::string item(int number, std::size_t size = 500) {
  return std::string(size, static_cast<char>('a' + number));
}
const std::string kEnd = "end";

// The getter takes until the end, and counts.
template <class Q>
struct GetterWaits {
  explicit GetterWaits(std::size_t size) : size(size) {}

  const std::size_t size;
  Q queue = make();
  ipc::RawValue<int> whole, others;
  Survivor getter{[this] {
    for (;;) {
      const std::string got = queue.get();
      if (got == kEnd) return 0;
      (got == item(1, size) ? whole : others).fetch_add(1);
    }
  }};

  static Q make() {
    if constexpr (std::is_constructible_v<Q, std::size_t, std::size_t>) {
      return Q(0, 4096);
    } else {
      return Q();
    }
  }
  void run() {
    wait_until_asleep_or_dead(getter.pid());
    queue.put(item(1, size));
  }
  std::string judge() {
    queue.put(kEnd);
    if (!getter.ends_within(kHang)) return "the getter hangs";
    if (others.load() != 0) return "another item came";
    if (whole.load() > 1) return "the item came twice";
    return queue.empty() ? "" : "something is left";
  }
};

template <class State>
PointKills expect_points(const Names& functions) {
  PointKills kills = kill_at_points<State>(
      {.operation = [](State& s) { s.run(); }, .judge = [](State& s) { return s.judge(); }},
      functions);
  expect_survived_at(functions, kills);
  return kills;
}

const Names kPutPoints = {"weft::ipc::detail::ByteQueue::put",
                          "weft::ipc::detail::ByteQueue::lock_put",
                          "weft::ipc::detail::ByteQueue::put_frame",
                          "weft::ipc::detail::write_head",
                          "weft::ipc::detail::copy_in",
                          "weft::ipc::detail::ByteQueue::commit",
                          "weft::internal::wake_shared",
                          "weft::internal::RobustWord::leave"};

struct OfAQueue : GetterWaits<ipc::Queue<std::string>> {
  OfAQueue() : GetterWaits(500) {}
};
struct OfASimpleQueue : GetterWaits<ipc::SimpleQueue<std::string>> {
  OfASimpleQueue() : GetterWaits(500) {}
};
struct OfALongItem : GetterWaits<ipc::Queue<std::string>> {
  OfALongItem() : GetterWaits(20'000) {}
};

TEST(KillAtPoints, OfAQueuesPutTheItemIsThereWholeOrNotAtAll) {
  expect_points<OfAQueue>(kPutPoints);
}

TEST(KillAtPoints, OfASimpleQueuesPutTheItemIsThereWholeOrNotAtAll) {
  expect_points<OfASimpleQueue>(kPutPoints);
}

TEST(KillAtPoints, OfAPutInPiecesTheItemIsThereWholeOrNotAtAll) {
  expect_points<OfALongItem>({"weft::ipc::detail::ByteQueue::put_frame",
                              "weft::ipc::detail::ByteQueue::wait_for_room",
                              "weft::ipc::detail::write_head", "weft::ipc::detail::copy_in",
                              "weft::ipc::detail::ByteQueue::commit"});
}

// There is room for one; another process waits to put the second.
struct PutterWaits {
  ipc::Queue<std::string> queue{1};
  Survivor putter{[this] {
    queue.put(item(1));
    queue.put(item(2));
    return 0;
  }};

  void run() {
    wait_until_asleep_or_dead(putter.pid());
    (void)queue.get();
  }
  std::string judge() {
    std::string next = queue.get();
    if (next == item(1)) next = queue.get();
    if (next != item(2)) return "another item came, or one is lost";
    if (!putter.ends_within(kHang)) return "the putter hangs";
    return queue.empty() ? "" : "an item came twice";
  }
};

TEST(KillAtPoints, OfAQueuesGetOnlyItsItemIsGone) {
  expect_points<PutterWaits>(
      {"weft::ipc::detail::ByteQueue::get", "weft::ipc::detail::ByteQueue::lock_get",
       "weft::ipc::detail::ByteQueue::checked_head", "weft::ipc::detail::ByteQueue::copy_frame",
       "weft::ipc::detail::copy_out", "weft::ipc::detail::ByteQueue::commit",
       "weft::internal::wake_shared", "weft::internal::RobustWord::leave"});
}

// Two deaths: a putter's inside an item that goes in pieces, and then of who finds the rest of it.
struct PutterDied {
  ipc::Queue<std::string> queue{0, 1024};

  PutterDied() {
    SingleStep putter([] {}, [this] { queue.put(item(3, 20'000)); });
    Breakpoints points(putter.pid(), {"weft::ipc::detail::ByteQueue::wait_for_room"},
                       Breakpoints::At::kEntry);
    if (!putter.run_to(points, 2)) throw std::runtime_error("the item does not go in pieces");
    putter.kill();
    putter.wait();
  }
  std::string judge() {
    queue.put(kEnd);
    auto next = queue.try_get_for(kHang);
    if (next == item(1)) next = queue.try_get_for(kHang);
    if (next != kEnd) return next ? "another item came" : "the next one hangs";
    // Not counted if who had taken the first half died with it.
    return queue.empty() && queue.torn() <= 1 ? "" : "half an item is still there";
  }
};
struct GetAfterPutterDied : PutterDied {
  void run() { (void)queue.try_get_for(20ms); }
};
struct PutAfterPutterDied : PutterDied {
  void run() { queue.put(item(1)); }
};

TEST(KillAtPoints, OfWhoFindsHalfAnItemTheNextOneFindsItToo) {
  expect_points<GetAfterPutterDied>({"weft::ipc::detail::ByteQueue::drop_if_its_putter_died",
                                     "weft::internal::RobustWord::recover"});
  expect_points<PutAfterPutterDied>(
      {"weft::ipc::detail::ByteQueue::put", "weft::internal::RobustWord::recover"});
}

struct JoinerWaits {
  ipc::JoinableQueue<std::string> queue;
  ipc::RawValue<int> ready;
  Survivor joiner{[this] {
    while (ready.load() == 0) {
    }
    queue.join();
    return 0;
  }};

  JoinerWaits() {
    queue.put(item(1));
    ready.store(1);
  }
  void run() {
    wait_until_asleep_or_dead(joiner.pid());
    (void)queue.get();
    queue.task_done();
  }
  std::string judge() {
    if (!joiner.ends_within(kLate)) {  // it is not done: another one does it
      (void)queue.try_get();
      queue.task_done();
      return joiner.ends_within(kHang) ? kTooEarly : "the joiner hangs";
    }
    try {
      queue.task_done();
    } catch (const ValueError&) {
      return "";
    }
    return "it was not counted as done";
  }
};

TEST(KillAtPoints, OfATaskDoneItCountsOnceOrNot) {
  const auto kills = expect_points<JoinerWaits>({"weft::ipc::detail::ByteQueue::task_done",
                                                 "weft::ipc::detail::ByteQueue::wake_joiners",
                                                 "weft::internal::wake_all_shared"});
  EXPECT_LT(kills.too_early, kills.count);
}

// The receiver takes until the end, or until it is told that the sender died inside a message.
struct ReceiverWaits {
  explicit ReceiverWaits(std::size_t size) : size(size) {}

  const std::size_t size;
  std::pair<ipc::Connection, ipc::Connection> ends = ipc::pipe();
  ipc::RawValue<int> whole, others, cut;
  Survivor receiver{[this] {
    try {
      for (;;) {
        const auto got = ends.first.recv<std::string>();
        if (got == kEnd) return 0;
        (got == item(1, size) ? whole : others).fetch_add(1);
      }
    } catch (const ipc::TruncatedMessage&) {
      cut.store(1);
      return 0;
    }
  }};

  void run() {
    wait_until_asleep_or_dead(receiver.pid());
    ends.second.send(item(1, size));
  }
  std::string judge() {
    ends.second.send(kEnd);
    if (!receiver.ends_within(kHang)) return "the receiver hangs";
    if (others.load() != 0) return "another message came";
    if (whole.load() + cut.load() > 1) return "the message came twice";
    return "";
  }
};
struct OfAShortMessage : ReceiverWaits {
  OfAShortMessage() : ReceiverWaits(500) {}
};
struct OfALongMessage : ReceiverWaits {
  OfALongMessage() : ReceiverWaits(3'000'000) {}
};

TEST(KillAtPoints, OfAShortMessageItIsThereWholeOrNotAtAll) {
  expect_points<OfAShortMessage>(
      {"weft::ipc::detail::Outgoing::send", "weft::ipc::detail::Outgoing::publish",
       "weft::ipc::detail::Outgoing::refuse_if_nobody_receives", "weft::ipc::detail::write_head",
       "weft::ipc::detail::copy_in", "weft::internal::wake_shared",
       "weft::internal::RobustWord::leave"});
}

TEST(KillAtPoints, OfALongMessageTheReceiverIsToldOrGetsIt) {
  expect_points<OfALongMessage>({"weft::ipc::detail::Outgoing::publish",
                                 "weft::ipc::detail::send_pieces",
                                 "weft::ipc::detail::(anonymous namespace)::send_packet",
                                 "weft::internal::RobustWord::leave"});
}

// More than the memory holds, each with its number: the sender waits for room.
struct SenderWaits {
  static constexpr int kMessages = 600;
  std::pair<ipc::Connection, ipc::Connection> ends = ipc::pipe();
  Survivor sender{[this] {
    for (int i = 0; i < kMessages; ++i) ends.second.send(numbered(i));
    return 0;
  }};

  static std::string numbered(int i) {
    std::string text = std::to_string(i);
    text.resize(1000, '.');
    return text;
  }
  void run() {
    wait_until_asleep_or_dead(sender.pid());
    for (int i = 0; i < 300; ++i) (void)ends.first.recv<std::string>();
  }
  std::string judge() {
    int next = std::stoi(ends.first.recv<std::string>());
    while (++next < kMessages) {
      if (ends.first.recv<std::string>() != numbered(next)) return "another message came";
    }
    if (!sender.ends_within(kHang)) return "the sender hangs";
    return ends.first.poll() ? "a message came twice" : "";
  }
};

TEST(KillAtPoints, OfARecvTheNextReceiverGoesOnWhereItWas) {
  expect_points<SenderWaits>({"weft::ipc::detail::Incoming::await",
                              "weft::ipc::detail::Incoming::take", "weft::ipc::detail::read_head",
                              "weft::ipc::detail::copy_out", "weft::internal::wake_shared"});
}

// With one message in the memory, and one that comes later.
struct AskForADescriptor {
  std::pair<ipc::Connection, ipc::Connection> ends = ipc::pipe();
  AskForADescriptor() { ends.second.send(1); }
  void run() {
    (void)ends.first.fileno();
    (void)ends.first.recv<int>();
    (void)ends.first.poll();
  }
  std::string judge() {
    const int fd = ends.first.fileno();
    ends.second.send(2);
    if (ipc::wait_for({fd}, 0s).empty()) return "the descriptor does not tell of a message";
    int next = ends.first.recv<int>();
    if (next == 1) next = ends.first.recv<int>();
    if (next != 2) return "another message came";
    if (ends.first.poll()) return "a message came twice";
    return ipc::wait_for({fd}, 0s).empty() ? "" : "the descriptor tells of a message";
  }
};

TEST(KillAtPoints, OfTheTurnToTheSocketTheNextReceiverMakesIt) {
  expect_points<AskForADescriptor>(
      {"weft::ipc::detail::Incoming::descriptor", "weft::ipc::detail::Incoming::make_bell",
       "weft::ipc::detail::Incoming::finish_switch", "weft::ipc::detail::Incoming::lower_bell"});
}

}  // namespace
}  // namespace weft::fault
