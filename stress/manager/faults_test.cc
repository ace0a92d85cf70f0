// What holds when the manager is killed or stopped, and its clients are forked or silent.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/manager/address.h"
#include "primitives/manager/channel.h"
#include "primitives/manager/manager.h"
#include "primitives/message/connection.h"
#include "primitives/process/descriptor.h"
#include "stress/manager/manager_for_test.h"
#include "stress/run/build_mode.h"

namespace weft::ipc {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr bool kPlain = !kThreadSanitizer && !kAddressSanitizer;

template <class F>
milliseconds time_of(F function) {
  const auto before = Clock::now();
  function();
  return std::chrono::duration_cast<milliseconds>(Clock::now() - before);
}

// MG1
TEST_F(ManagerFaults, TellEveryCallerAtOnceThatTheManagerIsGone) {
  const auto value = manager.value(1);
  const auto lock = manager.lock();
  const auto queue = manager.queue<int>();
  lock.acquire();
  constexpr int kWaiters = 4;
  // All callers have begun when it is killed.
  const auto ready = manager.semaphore(0);
  std::vector<Clock::time_point> told(kWaiters);
  std::vector<std::thread> waiters;
  for (int i = 0; i < kWaiters; ++i) {
    waiters.emplace_back([&, i] {
      try {
        ready.release();  // whose answer may come too late, too
        if (i % 2 == 0) {
          lock.acquire();
        } else {
          (void)queue.get();
        }
      } catch (const ManagerGoneError&) {
        told[static_cast<std::size_t>(i)] = Clock::now();
      }
    });
  }
  for (int i = 0; i < kWaiters; ++i) ready.acquire();
  const auto killed = Clock::now();
  manager.process().kill();
  for (std::thread& waiter : waiters) waiter.join();
  for (const auto& when : told) {
    ASSERT_NE(when, Clock::time_point());
    EXPECT_LE(when - killed, milliseconds(kPlain ? 50 : 500));
  }
  // From then on everybody, at once.
  for (int i = 0; i < 100; ++i) {
    EXPECT_THROW((void)value.get(), ManagerGoneError);
    EXPECT_THROW(lock.acquire(), ManagerGoneError);
    EXPECT_THROW((void)manager.value(0), ManagerGoneError);
  }
  Process child([&] {
    try {
      value.set(2);
    } catch (const ManagerGoneError&) {
      std::_Exit(0);
    }
    std::_Exit(1);
  });
  child.start();
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
}

// MG1: whatever the manager was doing.
TEST_F(ManagerFaults, TellWhoCallsAllTheTimeThatTheManagerIsGone) {
  const auto value = manager.value(std::string(100'000, 'x'));
  std::thread caller([&] {
    EXPECT_THROW(
        {
          for (;;) value.set(value.get());
        },
        ManagerGoneError);
  });
  std::thread maker([&] {
    EXPECT_THROW(
        {
          for (;;) (void)manager.value(1).get();
        },
        ManagerGoneError);
  });
  for (int i = 0; i < 20; ++i) (void)value.get();
  manager.process().kill();
  caller.join();
  maker.join();
}

// MG1: it was stopped while somebody connected, for longer than it takes to end.
TEST_F(ManagerFaults, TellWhoIsStillConnectingThatTheManagerIsGone) {
  stop_manager();
  std::atomic<bool> connects{false};
  std::thread caller([&] {
    connects = true;
    EXPECT_THROW((void)manager.value(1), ManagerGoneError);
  });
  const auto killed = Clock::now() + milliseconds(100);
  await([&] { return connects && Clock::now() > killed; });
  manager.process().kill();
  caller.join();
}

TEST_F(ManagerFaults, TellThatTheManagerWasShutDown) {
  const auto value = manager.value(1);
  expect_good_end();
  EXPECT_THROW((void)value.get(), ManagerGoneError);
  EXPECT_THROW(ManagerClient(manager.address(), manager.key()), ManagerGoneError);
}

// MG2
TEST_F(ManagerFaults, GiveAForkItsOwnConnection) {
  constexpr int kCalls = 300;
  const auto mine = manager.value(1);
  const auto theirs = manager.value(2);
  EXPECT_EQ(mine.get(), 1);  // there is a connection to inherit
  Process child([&] {
    for (int i = 0; i < kCalls; ++i) {
      if (theirs.get() != 2) std::_Exit(1);
    }
    std::_Exit(0);
  });
  child.start();
  for (int i = 0; i < kCalls; ++i) ASSERT_EQ(mine.get(), 1);
  child.join();
  EXPECT_EQ(child.exitcode(), 0);
  expect_good_end();
}

// MG2: other threads are inside calls when the process forks.
TEST_F(ManagerFaults, ForkInTheMiddleOfCalls) {
  if (kThreadSanitizer) {
    GTEST_SKIP() << "under TSan a process of several threads forks children that are not checked";
  }
  const auto value = manager.value(1);
  const auto event = manager.event();
  std::atomic<bool> stop{false};
  std::thread caller([&] {
    while (!stop) EXPECT_EQ(value.get(), 1);
  });
  std::thread waiter([&] { event.wait(); });
  for (int i = 0; i < 20; ++i) {
    Process child([&] { std::_Exit(value.get() == 1 && manager.value(2).get() == 2 ? 0 : 1); });
    child.start();
    child.join();
    EXPECT_EQ(child.exitcode(), 0);
  }
  stop = true;
  event.set();
  caller.join();
  waiter.join();
}

// MG3
TEST(ManagerChannel, DropsAReplyThatWasGivenUp) {
  auto [mine, theirs] = pipe();
  detail::Channel channel(std::move(mine));
  detail::Request request{
      .id = 0, .thread = 1, .object = 1, .op = detail::Op::kGet, .arguments = {}};
  EXPECT_THROW((void)channel.call(request, Deadline::passed()), TimeoutError);
  const auto reply = [&](std::uint64_t id, int value) {
    theirs.send(detail::Reply{.id = id, .status = detail::Status::kDone, .content = encode(value)});
  };
  EXPECT_EQ(theirs.recv<detail::Request>().id, 1U);
  reply(1, 100);
  reply(2, 200);
  EXPECT_EQ(decode<int>(channel.call(request, Deadline::never()).content), 200);
  reply(9, 300);
  EXPECT_THROW((void)channel.call(request, Deadline::never()), RuntimeError);
}

// MG3
TEST_F(ManagerFaults, GiveNoReplyOfACallThatWasGivenUp) {
  const auto one = manager.value(1);
  const auto two = manager.value(2);
  stop_manager();
  EXPECT_THROW((void)one.get(), TimeoutError);
  EXPECT_THROW((void)one.get(), TimeoutError);
  continue_manager();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(two.get(), 2);
  expect_good_end();
}

// MG3: wherever in a call its time is over, and with any number of late replies on their way.
TEST_F(ManagerFaults, GiveEachCallItsOwnReplyAmongThoseThatWereGivenUp) {
  constexpr int kEnough = 300;
  constexpr int kValues = 5;
  std::vector<ManagedValue<int>> values;
  for (int i = 0; i < kValues; ++i) {
    values.push_back(manager.value(i));
    manager.publish(std::to_string(i), values.back());
  }
  int given_up = 0;
  int answered = 0;
  for (int round = 0; given_up < kEnough || answered < kEnough; ++round) {
    // Longer ones after a while, for a machine on which no call is so quick.
    const std::chrono::microseconds limit(5 * (round % 40) * (1 + round / 200));
    ManagerClient client(manager.address(), manager.key(), limit);
    std::vector<ManagedValue<int>> theirs;
    for (int i = 0; i < kValues; ++i) {
      theirs.push_back(client.find<ManagedValue<int>>(std::to_string(i)));
    }
    for (int call = 0; call < 20; ++call) {
      const int which = call % kValues;
      try {
        ASSERT_EQ(theirs[static_cast<std::size_t>(which)].get(), which);
        ++answered;
      } catch (const TimeoutError&) {
        ++given_up;
      }
    }
  }
  expect_good_end();
}

// Connected, and nothing else.
weft::internal::Descriptor silent_client(const std::string& address) {
  return detail::connect_to(address, seconds(1));
}

// MG4
TEST_F(ManagerFaults, ServeAnHonestClientBesideFiftySilentOnes) {
  std::vector<weft::internal::Descriptor> silent;
  for (int i = 0; i < 50; ++i) silent.push_back(silent_client(manager.address()));
  const auto value = manager.value(7);
  manager.publish("n", value);
  const auto took = time_of([&] {
    ManagerClient honest(manager.address(), manager.key());
    EXPECT_EQ(honest.find<ManagedValue<int>>("n").get(), 7);
  });
  EXPECT_LE(took, milliseconds(kPlain ? 100 : 1000));
  // They are let go after the limit.
  for (const auto& socket : silent) {
    char bytes[4096];
    while (::recv(socket.get(), bytes, sizeof bytes, 0) > 0) {
    }
  }
  expect_good_end();
}

TEST_F(ManagerFaults, AreNotCausedByBytesOfStrangers) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{72}, std::size_t{100'000}}) {
    const auto socket = silent_client(manager.address());
    const std::string bytes(size, 'x');
    EXPECT_EQ(::send(socket.get(), bytes.data(), size, MSG_NOSIGNAL), static_cast<ssize_t>(size));
    char answer[4096];
    while (::recv(socket.get(), answer, sizeof answer, 0) > 0) {
    }
  }
  EXPECT_EQ(manager.value(3).get(), 3);
  expect_good_end();
}

TEST_F(ManagerFaults, RefuseAWrongKey) {
  EXPECT_THROW(ManagerClient(manager.address(), AuthKey::random()), AuthenticationError);
  EXPECT_EQ(ManagerClient(manager.address(), manager.key()).value(1).get(), 1);
  EXPECT_THROW(ManagerClient("weft-manager-nobody", manager.key()), ManagerGoneError);
  EXPECT_THROW(ManagerClient("", manager.key()), ValueError);
  expect_good_end();
}

}  // namespace
}  // namespace weft::ipc
