// What is left of a connection if a process is killed after any single instruction of sending,
// receiving, or asking for the descriptor; and of long messages, which go through the kernel, after
// every few instructions, in earnest.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "primitives/ipc/shared_object.h"
#include "primitives/message/connection.h"
#include "primitives/message/packets.h"
#include "primitives/message/ring.h"
#include "primitives/message/way.h"
#include "primitives/process/wait.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_after_every_step.h"
#include "stress/fault/single_step.h"
#include "stress/message/patterns_for_test.h"
#include "stress/message/states_for_test.h"

namespace weft::ipc {
namespace {

using detail::kSmall;
using detail::Way;
using testing_message::Bytes;
using testing_message::expect_survival;
using testing_message::is_pattern;
using testing_message::pattern;
using testing_message::States;
using testing_message::states_during;

std::span<std::byte> memory_of(Connection& sender) {
  return {reinterpret_cast<std::byte*>(sender.way_for_test()),
          sizeof(Way) + detail::ring_size(detail::kWayUnits)};
}

// What a process does once, at its first use of a connection: it finds out its number, and the
// linker binds functions.
void warm_up() {
  auto [mine, theirs] = pipe();
  for (const std::size_t size : {std::size_t{1}, kSmall + 1}) {
    theirs.send_bytes(pattern(size, 0));
    (void)mine.recv_bytes();
  }
  theirs.send(1);
  (void)mine.fileno();
  (void)mine.recv<int>();
  (void)mine.poll();
}

using Ready = std::vector<int>;

// PI3. Another sender goes on.
TEST(ConnectionKill, AfterAnyInstructionOfSendTheMessageIsThereWholeOrNotAtAll) {
  auto [mine, theirs] = pipe();
  theirs.send(std::string("before"));
  const std::string text(500, 'x');
  const auto memory = memory_of(theirs);
  const States states = states_during(memory, warm_up, [&] { theirs.send(text); });
  expect_survival(memory, states, [&] {
    theirs.send(std::string("after"));
    EXPECT_EQ(mine.recv<std::string>(), "before");
    auto next = mine.recv<std::string>();
    const bool shows = next == text;
    if (shows) next = mine.recv<std::string>();
    EXPECT_EQ(next, "after");
    EXPECT_FALSE(mine.poll());
    return shows;
  });
}

// Nobody else sends: the receiver finds what there is, and does not wait for what there is not.
TEST(ConnectionKill, AfterAnyInstructionOfSendTheReceiverGoesOn) {
  auto [mine, theirs] = pipe();
  const auto memory = memory_of(theirs);
  const States states = states_during(memory, warm_up, [&] { theirs.send(11); });
  expect_survival(memory, states, [&] {
    const bool shows = mine.poll();
    if (shows) EXPECT_EQ(mine.recv<int>(), 11);
    EXPECT_FALSE(mine.poll());
    return shows;
  });
}

TEST(ConnectionKill, AfterAnyInstructionOfRecvOnlyItsMessageIsGone) {
  auto [mine, theirs] = pipe();
  const std::string text(500, 'x');
  theirs.send(text);
  theirs.send(std::string("second"));
  const auto memory = memory_of(theirs);
  const States states = states_during(memory, warm_up, [&] { (void)mine.recv<std::string>(); });
  expect_survival(
      memory, states,
      [&] {
        theirs.send(std::string("third"));
        auto next = mine.recv<std::string>();
        const bool shows = next != text;
        if (!shows) next = mine.recv<std::string>();
        EXPECT_EQ(next, "second");
        EXPECT_EQ(mine.recv<std::string>(), "third");
        EXPECT_FALSE(mine.poll());
        return shows;
      },
      2);
}

// Whoever asks next gets a descriptor that tells the truth, and no message is lost.
TEST(ConnectionKill, AfterAnyInstructionOfADescriptorsMakingTheNextOneIsRight) {
  for (const int before : {0, 1, 2}) {
    auto [mine, theirs] = pipe();
    for (int i = 0; i < before; ++i) theirs.send(i);
    const auto memory = memory_of(theirs);
    const States states = states_during(memory, warm_up, [&] { (void)mine.fileno(); });
    expect_survival(
        memory, states,
        [&] {
          const bool shows = theirs.way_for_test()->mode != Way::kRing;
          // Of this process: the last round's copy has switched.
          auto [mine_now, theirs_now] = pipe();
          std::memcpy(theirs_now.way_for_test(), memory.data(), memory.size());
          theirs_now.send(before);
          const int fd = mine_now.fileno();
          for (int i = 0; i <= before; ++i) {
            EXPECT_EQ(wait_for({fd}, std::chrono::milliseconds(0)), Ready({fd})) << i;
            EXPECT_EQ(mine_now.recv<int>(), i);
          }
          EXPECT_FALSE(mine_now.poll());
          EXPECT_EQ(wait_for({fd}, std::chrono::milliseconds(0)), Ready());
          return shows;
        },
        2);
  }
}

// The victim has taken the last message from the memory: the step to the socket is its, or the next
// one's.
TEST(ConnectionKill, AfterAnyInstructionOfTheStepToTheSocketNoMessageIsLost) {
  auto [mine, theirs] = pipe();
  theirs.send(1);
  const int fd = mine.fileno();
  theirs.send(2);  // by the socket
  const auto memory = memory_of(theirs);
  const States states = states_during(memory, warm_up, [&] {
    (void)mine.recv<int>();
    (void)mine.poll();
  });
  int sent = 2;
  bool is_first = true;
  for (const auto& state : states) {
    std::memcpy(memory.data(), state.data(), state.size());
    theirs.send(++sent);
    EXPECT_EQ(wait_for({fd}, std::chrono::milliseconds(0)), Ready({fd}));
    int next = mine.recv<int>();
    if (next == 1) next = mine.recv<int>();
    EXPECT_EQ(next, is_first ? 2 : sent);
    if (is_first) EXPECT_EQ(mine.recv<int>(), sent);
    is_first = false;
    EXPECT_FALSE(mine.poll());
  }
  EXPECT_GT(states.size(), 2u);
  EXPECT_EQ(theirs.way_for_test()->mode, Way::kSocket);
}

// What a driven process has received, for the one that drives it.
struct Received {
  std::uint64_t value = 0;
};
using SharedReceived = weft::internal::SharedObject<Received>;

// The sender publishes, and closes, between any two instructions of a receiver that looks for the
// one and the other, and goes to sleep.
TEST(ConnectionStep, WhatIsSentBeforeTheEndIsReceivedBeforeIt) {
  constexpr int kStride = 5;
  int marked = 0;  // instructions since the receiver has said that it sleeps
  for (int before = 0; marked < 100; before += kStride) {
    auto [mine, theirs] = pipe(false);
    const SharedReceived received = SharedReceived::make();
    const auto prepare = [&] {
      theirs.close();
      warm_up();
      // So often in vain that it hardly spins any more.
      for (int i = 0; i < 10; ++i) (void)mine.poll_for(std::chrono::microseconds(1));
    };
    fault::SingleStep receiver(prepare, [&] { received->value = mine.recv<std::uint64_t>(); });
    marked = 0;
    for (int i = 0; i < before; ++i) {
      ASSERT_TRUE(receiver.step());
      marked += theirs.way_for_test()->ring().get.sleeps == 0 ? 0 : 1;
    }
    theirs.send(std::uint64_t{7});
    theirs.close();
    receiver.run();
    ASSERT_EQ(received->value, 7u) << "after " << before << " instructions";
  }
}

// Full, so that the sender writes to the place of the first message as soon as it is given back.
TEST(ConnectionStep, APlaceIsGivenBackOnceItsMessageWasCopied) {
  auto [mine, theirs] = pipe(false);
  Way& way = *theirs.way_for_test();
  std::uint64_t sent = 0;
  const auto is_full = [&] {
    const auto used = detail::units_between(detail::Place::of(way.ring().get.word),
                                            detail::Place::of(way.ring().put.word));
    return detail::kWayUnits - used < 2;
  };
  while (!is_full()) theirs.send(sent++);
  const SharedReceived received = SharedReceived::make();
  received->value = sent;
  fault::SingleStep receiver(warm_up, [&] { received->value = mine.recv<std::uint64_t>(); });
  do {
    if (!is_full()) theirs.send(sent++);
  } while (receiver.step());
  EXPECT_EQ(received->value, 0u);
  EXPECT_EQ(mine.recv<std::uint64_t>(), 1u);
}

constexpr std::size_t kLong = 100'000;  // in one piece, and less than the kernel holds

struct Pipe {
  std::pair<Connection, Connection> ends = pipe();
  const Bytes message = pattern(kLong, 1);
  Bytes buffer = Bytes(kLong);
};

TEST(ConnectionKill, InsideASendOfALongMessageTheReceiverIsToldAndTheNextSenderGoesOn) {
  std::size_t whole = 0, none = 0, cut = 0;
  const fault::Kills kills = fault::kill_after_every_step<Pipe>({
      .operation = [](Pipe& s) { s.ends.second.send_bytes(s.message); },
      .judge = [&](Pipe& s) -> std::string {
        auto& [mine, theirs] = s.ends;
        theirs.send_bytes(pattern(10, 2));
        theirs.send_bytes(pattern(kLong, 3));
        try {
          Bytes next = mine.recv_bytes();
          const bool came = is_pattern(next, kLong, 1);
          if (came) next = mine.recv_bytes();
          if (!is_pattern(next, 10, 2)) return "another short message came";
          if (!is_pattern(mine.recv_bytes(), kLong, 3)) return "another long message came";
          ++(came ? whole : none);
        } catch (const TruncatedMessage&) {
          ++cut;
        }
        return "";
      },
      .prepare = [] { warm_up(); },
      .stride = 11,
  });
  fault::expect_survived(kills, 30);
  EXPECT_GT(whole, 0u);
  EXPECT_GT(none, 0u);
  EXPECT_GT(cut, 0u);
}

// It has the receiver's only other copy: what it has not taken is there.
struct PipeWithMessages : Pipe {
  PipeWithMessages() {
    ends.second.send_bytes(message);
    ends.second.send_bytes(pattern(10, 2));
  }
};

TEST(ConnectionKill, InsideARecvOfALongMessageTheNextReceiverGetsItOrTheNextOrIsTold) {
  std::size_t whole = 0, none = 0, cut = 0;
  const fault::Kills kills = fault::kill_after_every_step<PipeWithMessages>({
      .operation = [](PipeWithMessages& s) { (void)s.ends.first.recv_bytes_into(s.buffer); },
      .judge = [&](PipeWithMessages& s) -> std::string {
        auto& [mine, theirs] = s.ends;
        try {
          Bytes next = mine.recv_bytes();
          const bool came = is_pattern(next, kLong, 1);
          if (came) next = mine.recv_bytes();
          if (!is_pattern(next, 10, 2)) return "another short message came";
          ++(came ? whole : none);
          // Pieces that nobody has taken are in the way of the next long message, and are noticed.
          theirs.send_bytes(pattern(kLong, 3));
          if (!is_pattern(mine.recv_bytes(), kLong, 3)) return "another long message came";
        } catch (const TruncatedMessage&) {
          ++cut;
        }
        return "";
      },
      .prepare = [] { warm_up(); },
      .stride = 11,
  });
  fault::expect_survived(kills, 30);
  EXPECT_GT(whole, 0u);
  EXPECT_GT(none, 0u);
  EXPECT_GT(cut, 0u);
}

}  // namespace
}  // namespace weft::ipc
