// What holds of a pipe's two ways to send: by memory, and by a socket once somebody wants to wait
// for a descriptor; and of those who sleep on the memory when the other side ends.
#include "primitives/message/way.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "primitives/ipc/shared_object.h"
#include "primitives/message/connection.h"
#include "primitives/message/packets.h"
#include "primitives/process/wait.h"
#include "stress/message/child_for_test.h"
#include "stress/message/patterns_for_test.h"

namespace weft::ipc {
namespace {

using detail::kSmall;
using detail::Way;
using std::chrono::milliseconds;
using testing_message::Bytes;
using testing_message::Child;
using testing_message::demand;
using testing_message::is_pattern;
using testing_message::pattern;

using Ready = std::vector<int>;

Ready readable(int descriptor) { return wait_for({descriptor}, milliseconds(0)); }

TEST(Way, OfShortMessagesIsMemoryAndOfADescriptorASocket) {
  auto [mine, theirs] = pipe();
  Way& way = *theirs.way_for_test();
  theirs.send(1);
  EXPECT_EQ(mine.recv<int>(), 1);
  EXPECT_EQ(way.mode, Way::kRing);
  const int fd = mine.fileno();
  EXPECT_EQ(way.mode, Way::kSocket);
  EXPECT_EQ(mine.way_for_test()->mode, Way::kRing) << "the other way is another one";
  EXPECT_EQ(readable(fd), Ready());
  theirs.send(2);
  EXPECT_EQ(readable(fd), Ready({fd}));
  EXPECT_EQ(mine.recv<int>(), 2);
  EXPECT_EQ(readable(fd), Ready());
  EXPECT_EQ(mine.fileno(), fd);
  theirs.close();
  EXPECT_EQ(readable(fd), Ready({fd}));
  EXPECT_THROW(mine.recv<int>(), EndOfFile);
}

// What was sent before stays first, and the descriptor tells of it.
TEST(Way, IsChangedWithMessagesOnIt) {
  for (const std::size_t first : {std::size_t{10}, kSmall + 1}) {
    auto [mine, theirs] = pipe();
    Way& way = *theirs.way_for_test();
    theirs.send_bytes(pattern(first, 1));
    theirs.send_bytes(pattern(2, 2));
    const int fd = mine.fileno();
    EXPECT_EQ(way.mode, Way::kSwitching);
    EXPECT_EQ(readable(fd), Ready({fd}));
    theirs.send_bytes(pattern(3, 3));
    theirs.send_bytes(pattern(kSmall + 4, 4));
    EXPECT_TRUE(is_pattern(mine.recv_bytes(), first, 1));
    EXPECT_EQ(readable(fd), Ready({fd}));
    EXPECT_TRUE(is_pattern(mine.recv_bytes(), 2, 2));
    EXPECT_EQ(readable(fd), Ready({fd}));
    EXPECT_TRUE(is_pattern(mine.recv_bytes(), 3, 3));
    EXPECT_EQ(way.mode, Way::kSocket);
    EXPECT_EQ(readable(fd), Ready({fd}));
    EXPECT_TRUE(is_pattern(mine.recv_bytes(), kSmall + 4, 4));
    EXPECT_FALSE(mine.poll());
    EXPECT_EQ(readable(fd), Ready());
    EXPECT_EQ(mine.fileno(), fd);
    theirs.send(5);
    EXPECT_EQ(readable(fd), Ready({fd}));
    EXPECT_EQ(mine.recv<int>(), 5);
    EXPECT_EQ(readable(fd), Ready());
  }
}

// The memory is used up, and poll() has found that: the descriptor says so as well.
TEST(Way, IsChangedWithMessagesOnItThatPollFindsGone) {
  auto [mine, theirs] = pipe();
  theirs.send(1);
  const int fd = mine.fileno();
  EXPECT_EQ(mine.recv<int>(), 1);
  EXPECT_FALSE(mine.poll());
  EXPECT_EQ(theirs.way_for_test()->mode, Way::kSocket);
  EXPECT_EQ(readable(fd), Ready());
}

// Somewhere in a stream of short and long ones, which goes on meanwhile.
TEST(Way, IsChangedAtAnyMomentOfAStream) {
  constexpr int kMessages = 300;
  const auto size_of = [](int i) {
    return i % 17 == 0 ? kSmall + 1 + static_cast<std::size_t>(i) * 100
                       : static_cast<std::size_t>(i) % 40 * 37;
  };
  std::minstd_rand random(3);
  for (int round = 0; round < 40; ++round) {
    auto [mine, theirs] = pipe(round % 2 == 0);
    Child child([&] {
      mine.close();
      for (int i = 0; i < kMessages; ++i) theirs.send_bytes(pattern(size_of(i), i));
    });
    theirs.close();
    const int change = static_cast<int>(random() % kMessages);
    std::optional<int> fd;
    for (int i = 0; i < kMessages; ++i) {
      if (i == change) fd = mine.fileno();
      if (fd) ASSERT_EQ(wait({*fd}), Ready({*fd}));
      ASSERT_TRUE(is_pattern(mine.recv_bytes(), size_of(i), i)) << i;
    }
    EXPECT_EQ(wait({*fd}), Ready({*fd}));
    EXPECT_THROW(mine.recv_bytes(), EndOfFile);
    EXPECT_EQ(child.join(), 0);
  }
}

// By a child, which ends; the parent goes on with both of its ends.
TEST(Way, StaysChangedForOtherCopies) {
  auto [mine, theirs] = pipe();
  theirs.send(1);
  theirs.send(2);
  Child child([&] {
    const int fd = mine.fileno();
    demand(readable(fd) == Ready({fd}), "there is a message");
    demand(mine.recv<int>() == 1, "the first one");
  });
  EXPECT_EQ(child.join(), 0);
  theirs.send(3);
  EXPECT_EQ(mine.recv<int>(), 2);
  EXPECT_EQ(mine.recv<int>(), 3);
  const int fd = mine.fileno();
  EXPECT_EQ(readable(fd), Ready());
  theirs.send(4);
  EXPECT_EQ(readable(fd), Ready({fd}));
}

// One after the other they take what is there.
TEST(Way, GivesEachMessageToOneOfSeveralReceivers) {
  auto [mine, theirs] = pipe(false);
  for (int i = 0; i < 100; ++i) theirs.send(i);
  for (int i = 0; i < 100; i += 10) {
    Child child([&] {
      for (int k = 0; k < 5; ++k) demand(mine.recv<int>() == i + k, "the next one");
    });
    EXPECT_EQ(child.join(), 0);
    for (int k = 5; k < 10; ++k) EXPECT_EQ(mine.recv<int>(), i + k);
  }
  EXPECT_FALSE(mine.poll());
}

// A thread that sleeps in recv() goes on when another one turns the way over.
TEST(Way, IsChangedUnderASleepingReceiver) {
  auto [mine, theirs] = pipe();
  Way& way = *theirs.way_for_test();
  Child child([&] {
    mine.close();
    // Once the receiver sleeps on the memory the descriptor is asked for, on its side.
    while (way.ring().get.sleeps == 0) std::this_thread::yield();
    std::uint32_t ring = Way::kRing;
    demand(way.mode.compare_exchange_strong(ring, Way::kSwitching), "it was not changed before");
    theirs.send(7);
  });
  EXPECT_EQ(mine.recv<int>(), 7);
  EXPECT_EQ(way.mode, Way::kSocket);
  EXPECT_EQ(child.join(), 0);
}

// More than the memory holds.
void fill(Connection& end) {
  for (;;) end.send_bytes(pattern(1000, 0));
}

// PI4. It is closed, or killed, while the sender waits for room.
TEST(Way, TellsAWaitingSenderThatNobodyReceives) {
  for (const bool is_killed : {false, true}) {
    auto [mine, theirs] = pipe();
    Way& way = *theirs.way_for_test();
    Child receiver([&] {
      theirs.close();
      while (way.ring().put.sleeps == 0) std::this_thread::yield();
      if (is_killed) (void)::raise(SIGKILL);
      mine.close();
    });
    mine.close();
    EXPECT_THROW(fill(theirs), BrokenPipeError);
    EXPECT_EQ(receiver.join(), is_killed ? -SIGKILL : 0);
    EXPECT_THROW(theirs.send(1), BrokenPipeError);
  }
}

TEST(Way, TellsASleepingReceiverOfTheEnd) {
  for (const bool is_killed : {false, true}) {
    auto [mine, theirs] = pipe();
    Way& way = *theirs.way_for_test();
    Child sender([&] {
      mine.close();
      theirs.send(1);
      while (way.ring().get.sleeps == 0) std::this_thread::yield();
      if (is_killed) (void)::raise(SIGKILL);
      theirs.close();
    });
    theirs.close();
    EXPECT_EQ(mine.recv<int>(), 1);
    EXPECT_THROW(mine.recv<int>(), EndOfFile);
    EXPECT_EQ(sender.join(), is_killed ? -SIGKILL : 0);
  }
}

// Not by a close(), of which the sender could be told.
TEST(Way, TellsTheNextSenderThatTheReceiverWasKilled) {
  auto [mine, theirs] = pipe(false);
  Child receiver([&] {
    theirs.close();
    (void)mine.recv<int>();
    for (;;) std::this_thread::yield();
  });
  mine.close();
  theirs.send(1);
  receiver.kill();
  EXPECT_EQ(receiver.join(), -SIGKILL);
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin <= milliseconds(1)) {
  }
  EXPECT_THROW(theirs.send(2), BrokenPipeError);
}

// However soon after the send() before.
TEST(Way, TellsTheNextSenderAtOnceThatTheReceiverHasClosed) {
  for (int round = 0; round < 200; ++round) {
    auto [mine, theirs] = pipe(false);
    theirs.send(1);
    mine.close();
    EXPECT_THROW(theirs.send(2), BrokenPipeError);
  }
}

TEST(Way, WakesWhoSleepsWhenThereIsAMessageOrMuchRoom) {
  auto [mine, theirs] = pipe(false);
  detail::Ring& ring = theirs.way_for_test()->ring();
  ring.get.sleeps = 1;
  theirs.send_bytes(pattern(kSmall, 0));
  EXPECT_EQ(ring.get.sleeps, 0u);
  ring.put.sleeps = detail::kWayUnits;
  theirs.send(1);
  (void)mine.recv_bytes();
  EXPECT_NE(ring.put.sleeps, 0u) << "there is less room than it waits for";
  (void)mine.recv<int>();
  EXPECT_EQ(ring.put.sleeps, 0u);
}

// One that is closed in the very moment is told at once, without the 50 ms: it has the sleeper's
// mark taken away.
TEST(Way, WakesWhoSleepsWhenAnEndIsClosed) {
  auto [mine, theirs] = pipe();
  Way& to_mine = *theirs.way_for_test();
  Way& to_theirs = *mine.way_for_test();
  to_mine.ring().get.sleeps = 1;
  to_theirs.ring().put.sleeps = 1;
  theirs.close();
  EXPECT_EQ(to_mine.ring().get.sleeps, 0u);
  EXPECT_EQ(to_theirs.ring().put.sleeps, 0u);
}

// PI3: others hold the sender's end, so there is no end of the connection to tell of.
TEST(Way, TellsOfALongMessageThatItsKilledSenderDidNotFinish) {
  constexpr std::size_t kMoreThanFits = 12'000'000;
  auto [mine, theirs] = pipe();
  theirs.send(1);
  Child sender([&] { theirs.send_bytes(pattern(kMoreThanFits, 0)); });
  Way& way = *theirs.way_for_test();
  EXPECT_EQ(mine.recv<int>(), 1);
  ASSERT_TRUE(mine.poll_for(std::chrono::hours(1)));
  ASSERT_TRUE(way.on_socket.is_held());
  sender.kill();
  EXPECT_EQ(sender.join(), -SIGKILL);
  EXPECT_THROW(mine.recv_bytes(), TruncatedMessage);
}

// The same where messages go by the socket.
TEST(Way, TellsOfALongMessageByTheSocketThatItsKilledSenderDidNotFinish) {
  constexpr std::size_t kMoreThanFits = 12'000'000;
  auto [mine, theirs] = pipe();
  const int fd = mine.fileno();
  ASSERT_EQ(theirs.way_for_test()->mode, Way::kSocket);
  Child sender([&] { theirs.send_bytes(pattern(kMoreThanFits, 0)); });
  ASSERT_EQ(wait({fd}), Ready({fd}));
  ASSERT_TRUE(theirs.way_for_test()->on_socket.is_held());
  sender.kill();
  EXPECT_EQ(sender.join(), -SIGKILL);
  EXPECT_THROW(mine.recv_bytes(), TruncatedMessage);
}

// How often its only thread has given up the processor by itself.
long sleeps_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  const std::string name = "voluntary_ctxt_switches:";
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stol(line.substr(name.size()));
  }
  throw std::runtime_error("the kernel does not say how often a process slept");
}

// On the memory it looks now and then whether the other end was killed; on the socket the kernel
// tells.
TEST(Way, DoesNotWakeAReceiverOfASocketForNothing) {
  auto [mine, theirs] = pipe();
  const auto is_inside = weft::internal::SharedObject<std::atomic<bool>>::make();
  Child receiver([&] {
    (void)mine.fileno();
    is_inside->store(true);
    demand(mine.recv<int>() == 7, "the message");
  });
  while (!is_inside->load()) std::this_thread::yield();
  const int nothing = mine.fileno();
  EXPECT_EQ(wait_for({nothing}, milliseconds(50)), Ready());  // it is asleep by then, or soon
  const long before = sleeps_of(receiver.pid());
  EXPECT_EQ(wait_for({nothing}, milliseconds(400)), Ready());
  // One for the case that it was not asleep.
  EXPECT_LE(sleeps_of(receiver.pid()) - before, 1);
  theirs.send(7);
  EXPECT_EQ(receiver.join(), 0);
}

// The next sender is not held up, and its message not taken for the rest of that one.
TEST(Way, DoesNotTakeTheNextLongMessageForTheRestOfOne) {
  constexpr std::size_t kMoreThanFits = 12'000'000;
  auto [mine, theirs] = pipe();
  Child first([&] { theirs.send_bytes(pattern(kMoreThanFits, 0)); });
  ASSERT_TRUE(mine.poll_for(std::chrono::hours(1)));
  first.kill();
  EXPECT_EQ(first.join(), -SIGKILL);
  Child second([&] {
    mine.close();
    try {
      theirs.send_bytes(pattern(kMoreThanFits, 0));
    } catch (const BrokenPipeError&) {
    }
  });
  EXPECT_THROW(mine.recv_bytes(), TruncatedMessage);
  EXPECT_THROW(mine.recv_bytes(), RuntimeError);
  mine.close();
  EXPECT_EQ(second.join(), 0);
}

// A process with a stray pointer has written into the memory: an error with a name, or a message,
// but nothing outside of it is read or written.
TEST(Way, IsToldFromAnythingThatWasWrittenOverIt) {
  std::minstd_rand random(5);
  int errors = 0;
  for (int round = 0; round < 3000; ++round) {
    auto [mine, theirs] = pipe(false);
    detail::Ring& ring = theirs.way_for_test()->ring();
    const detail::Place begin = detail::Place::of(ring.get.word);
    theirs.send_bytes(pattern(100, 0));
    if (round % 3 == 0) {
      detail::Place put = detail::Place::of(ring.put.word);
      put.position = static_cast<std::uint32_t>(random());
      ring.put.word = put.word();
    } else {
      std::byte head[detail::kUnit];
      detail::copy_out(ring, detail::kWayUnits, begin.position, 0, head);
      for (int i = 0; i < 2; ++i) head[random() % sizeof head] ^= static_cast<std::byte>(random());
      detail::copy_in(ring, detail::kWayUnits, begin.position, 0, head);
    }
    theirs.close();
    try {
      (void)mine.recv_bytes(1 << 20);
    } catch (const CorruptQueueError&) {
      ++errors;
    } catch (const TruncatedMessage&) {
    } catch (const MessageTooLong&) {
    } catch (const EndOfFile&) {
    }
  }
  EXPECT_GT(errors, 1500);
}

}  // namespace
}  // namespace weft::ipc
