// What holds of a connection for whoever uses it as it is meant, and what its misuse says.
#include "primitives/message/connection.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process/process.h"
#include "primitives/process/wait.h"
#include "stress/check.h"
#include "stress/message/child_for_test.h"
#include "stress/message/patterns_for_test.h"

namespace weft::ipc {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using testing_message::Bytes;
using testing_message::Child;
using testing_message::demand;
using testing_message::is_pattern;
using testing_message::kSizes;
using testing_message::pattern;

TEST(Connection, KeepsMessagesWholeAndInOrderBetweenProcesses) {
  auto [mine, theirs] = pipe();
  Child child([&] {
    mine.close();
    for (const std::size_t size : kSizes) {
      demand(is_pattern(theirs.recv_bytes(), size, 1), "what the parent sends");
      theirs.send_bytes(pattern(size, 2));
    }
  });
  theirs.close();
  for (const std::size_t size : kSizes) {
    mine.send_bytes(pattern(size, 1));
    EXPECT_TRUE(is_pattern(mine.recv_bytes(), size, 2)) << size;
  }
  EXPECT_THROW(mine.recv_bytes(), EndOfFile);
  EXPECT_EQ(child.join(), 0);
}

TEST(Connection, SendsValuesOfTypes) {
  auto [receiver, sender] = pipe(false);
  const std::map<std::string, std::optional<double>> map = {{"a", 1.5}, {"b", std::nullopt}};
  const std::vector<std::string> words = {"hello", "world"};
  sender.send(42);
  sender.send(map);
  sender.send(words);
  sender.send(std::tuple());
  EXPECT_EQ(receiver.recv<int>(), 42);
  EXPECT_EQ((receiver.recv<std::map<std::string, std::optional<double>>>()), map);
  EXPECT_EQ(receiver.recv<std::vector<std::string>>(), words);
  EXPECT_EQ(receiver.recv<std::tuple<>>(), std::tuple());
}

TEST(Connection, GoesOnAfterAMessageOfAnotherType) {
  auto [receiver, sender] = pipe(false);
  sender.send(std::string(2000, 'x'));
  sender.send(1);
  sender.send(std::string("short"));
  sender.send(2);
  EXPECT_THROW(receiver.recv<int>(), DecodeError);
  EXPECT_THROW(receiver.recv<std::string>(), DecodeError);
  EXPECT_THROW(receiver.recv<int>(), DecodeError);
  EXPECT_EQ(receiver.recv<int>(), 2);
}

TEST(Connection, EndsWhenTheLastCopyOfTheOtherEndIsClosed) {
  auto [mine, theirs] = pipe();
  auto [go, gone] = pipe();
  Child child([&] {
    mine.close();
    theirs.send(1);
    (void)go.recv<int>();  // holds its copy until then
  });
  theirs.send(2);
  theirs.close();
  EXPECT_EQ(mine.recv<int>() + mine.recv<int>(), 3);
  EXPECT_FALSE(mine.poll());
  gone.send(0);
  EXPECT_TRUE(mine.poll_for(hours(1)));
  EXPECT_THROW(mine.recv<int>(), EndOfFile);
  EXPECT_THROW(mine.recv_bytes(), EndOfFile);
  EXPECT_EQ(child.join(), 0);
}

TEST(Connection, GivesWhatWasSentBeforeTheOtherEndWasClosedWithSomethingUnread) {
  auto [mine, theirs] = pipe();
  mine.send(1);
  theirs.send(std::string(100'000, 'a'));
  theirs.close();
  EXPECT_EQ(mine.recv<std::string>().size(), 100'000u);
  EXPECT_THROW(mine.recv<int>(), EndOfFile);
}

// PI4. SIGPIPE has its default effect, which would end this process.
TEST(Connection, SaysThatNobodyCanReceive) {
  ASSERT_EQ(::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  for (const bool unread : {false, true}) {
    for (const std::size_t size : kSizes) {
      auto [mine, theirs] = pipe();
      if (unread) mine.send(1);
      theirs.close();
      EXPECT_THROW(mine.send_bytes(pattern(size, 0)), BrokenPipeError);
      EXPECT_THROW(mine.send(1), BrokenPipeError);
    }
  }
}

TEST(Connection, SendsInOneDirectionIfItIsNotDuplex) {
  auto [receiver, sender] = pipe(false);
  EXPECT_TRUE(receiver.readable() && !receiver.writable());
  EXPECT_TRUE(sender.writable() && !sender.readable());
  EXPECT_THROW(receiver.send(1), RuntimeError);
  EXPECT_THROW(sender.recv<int>(), RuntimeError);
  EXPECT_THROW(sender.poll(), RuntimeError);
  sender.send(1);
  EXPECT_EQ(receiver.recv<int>(), 1);
  receiver.close();
  EXPECT_THROW(sender.send(1), BrokenPipeError);
}

TEST(Connection, RefusesEverythingOnceItIsClosed) {
  auto [mine, theirs] = pipe();
  mine.close();
  mine.close();
  EXPECT_TRUE(mine.closed() && !theirs.closed());
  EXPECT_THROW(mine.send(1), RuntimeError);
  EXPECT_THROW(mine.send_bytes({}), RuntimeError);
  EXPECT_THROW(mine.recv<int>(), RuntimeError);
  EXPECT_THROW(mine.recv_bytes(), RuntimeError);
  EXPECT_THROW(mine.poll(), RuntimeError);
  EXPECT_THROW(mine.fileno(), RuntimeError);
  Connection moved = std::move(theirs);
  EXPECT_THROW(theirs.send(1), RuntimeError);  // NOLINT(bugprone-use-after-move)
}

TEST(Connection, SendsPartsAndRefusesThoseThatAreNotInside) {
  auto [receiver, sender] = pipe(false);
  const Bytes data = pattern(10, 0);
  sender.send_bytes(data, 4);
  sender.send_bytes(data, 4, 2);
  sender.send_bytes(data, 10);
  EXPECT_EQ(receiver.recv_bytes(), Bytes(data.begin() + 4, data.end()));
  EXPECT_EQ(receiver.recv_bytes(), Bytes(data.begin() + 4, data.begin() + 6));
  EXPECT_EQ(receiver.recv_bytes(), Bytes());
  EXPECT_THROW(sender.send_bytes(data, 11), ValueError);
  EXPECT_THROW(sender.send_bytes(data, 4, 7), ValueError);
  EXPECT_FALSE(receiver.poll());
}

TEST(Connection, RefusesALongerMessageThanIsAllowedAndThenReceivesNoMore) {
  for (const std::size_t size : {2, 20'000, 3'000'000}) {
    auto [mine, theirs] = pipe();
    Child child([&] {
      mine.close();
      theirs.send_bytes(pattern(size - 1, 0));
      theirs.send_bytes(pattern(size, 0));
    });
    theirs.close();
    EXPECT_TRUE(is_pattern(mine.recv_bytes(size - 1), size - 1, 0));
    EXPECT_THROW(mine.recv_bytes(size - 1), MessageTooLong);
    EXPECT_THROW(mine.recv_bytes(), RuntimeError);
    EXPECT_THROW(mine.recv<int>(), RuntimeError);
    mine.close();  // or the child waits for room
    (void)child.join();
  }
}

TEST(Connection, ReceivesIntoABufferAndGivesWhatDoesNotFit) {
  auto [mine, theirs] = pipe();
  Child child([&] {
    mine.close();
    for (int round = 0; round < 2; ++round) {
      for (const std::size_t size : kSizes) theirs.send_bytes(pattern(size, 5));
    }
  });
  theirs.close();
  for (const std::size_t size : kSizes) {
    Bytes buffer(size + 3);
    EXPECT_EQ(mine.recv_bytes_into(buffer, 3), size);
    EXPECT_TRUE(is_pattern(Bytes(buffer.begin() + 3, buffer.end()), size, 5)) << size;
  }
  for (const std::size_t size : kSizes) {
    Bytes buffer(size / 2);
    if (size == 0) {
      EXPECT_EQ(mine.recv_bytes_into(buffer), 0u);
      continue;
    }
    try {
      mine.recv_bytes_into(buffer);
      ADD_FAILURE() << size << " bytes fit into " << buffer.size();
    } catch (const BufferTooShort& error) {
      EXPECT_TRUE(is_pattern(error.message(), size, 5)) << size;
    }
  }
  Bytes buffer(1);
  EXPECT_THROW(mine.recv_bytes_into(buffer, 2), ValueError);
  EXPECT_THROW(mine.recv_bytes_into(buffer), EndOfFile);
  EXPECT_EQ(child.join(), 0);
}

TEST(Connection, PollsWithoutTakingAndKeepsItsTime) {
  auto [mine, theirs] = pipe();
  EXPECT_FALSE(mine.poll());
  EXPECT_FALSE(mine.poll_for(milliseconds(-1)));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_FALSE(mine.poll_for(milliseconds(20)));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(20));
  theirs.send(1);
  EXPECT_TRUE(mine.poll() && mine.poll());
  EXPECT_EQ(mine.recv<int>(), 1);
  EXPECT_FALSE(mine.poll());
}

TEST(Connection, IsWaitedForAmongOthersAndAmongProcesses) {
  auto [a, a_end] = pipe();
  auto [b, b_end] = pipe();
  Process child([&] { (void)b.recv<int>(); });
  child.start();
  const std::vector<int> all = {a.fileno(), child.sentinel(), a_end.fileno()};
  using Ready = std::vector<int>;
  EXPECT_EQ(wait_for(all, milliseconds(1)), Ready());
  a_end.send(1);
  EXPECT_EQ(wait(all), Ready({a.fileno()}));
  b_end.send(1);
  EXPECT_EQ(wait({child.sentinel()}), Ready({child.sentinel()}));
  EXPECT_EQ(wait(all), Ready({a.fileno(), child.sentinel()}));
  a.close();
  EXPECT_EQ(wait({child.sentinel(), a_end.fileno()}), Ready({child.sentinel(), a_end.fileno()}));
}

// The two sides of a connection are independent: one thread sends while another receives.
TEST(Connection, SendsAndReceivesAtOnce) {
  check([](weft::Run& run) {
    auto [mine, theirs] = pipe();
    const std::size_t size = run.random()() % 40'000;
    const auto send = [&](Connection& end, int salt) {
      for (int i = 0; i < 5; ++i) end.send_bytes(pattern(size, salt + i));
    };
    const auto receive = [&](Connection& end, int salt) {
      for (int i = 0; i < 5; ++i) {
        run.require(is_pattern(end.recv_bytes(), size, salt + i), "whole and in order");
      }
    };
    run.thread([&] { send(mine, 0); });
    run.thread([&] { receive(mine, 10); });
    run.thread([&] { send(theirs, 10); });
    run.thread([&] { receive(theirs, 0); });
    run.join();
  });
}

}  // namespace
}  // namespace weft::ipc
