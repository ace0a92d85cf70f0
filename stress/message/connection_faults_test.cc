// What holds of a connection when its other side is killed, mixes messages, or is hostile, when
// signals interrupt everything, and when other programs are started meanwhile.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/message/connection.h"
#include "primitives/message/packets.h"
#include "primitives/process/descriptor.h"
#include "primitives/process/popen.h"
#include "stress/check.h"
#include "stress/coroutine/allocations.h"
#include "stress/message/child_for_test.h"
#include "stress/message/patterns_for_test.h"

namespace weft::ipc {
namespace {

using detail::kSmall;
using detail::PacketHead;
using std::chrono::milliseconds;
using testing_coroutine::allocated_bytes;
using testing_message::Bytes;
using testing_message::Child;
using testing_message::demand;
using testing_message::is_pattern;
using testing_message::pattern;

// Two ends that are mere sockets, into which a test can put whatever packets it likes.
std::pair<Connection, Connection> over_sockets() {
  int ends[2];
  demand(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "a socketpair");
  return {connection_over(weft::internal::Descriptor(ends[0])),
          connection_over(weft::internal::Descriptor(ends[1]))};
}

void send_packet(int socket, PacketHead head, std::size_t content) {
  Bytes packet(sizeof head + content);
  std::memcpy(packet.data(), &head, sizeof head);
  ASSERT_EQ(::send(socket, packet.data(), packet.size(), 0), static_cast<ssize_t>(packet.size()));
}

// What is sent and not received is at most twice as much.
void hold_little(const Connection& sender, int bytes) {
  ASSERT_EQ(::setsockopt(sender.fileno(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes), 0);
}

// PI3
TEST(Connection, ToldOfASenderThatEndsInsideAMessageAndReceivesNoMore) {
  constexpr std::size_t kPiece = 20'000;
  constexpr std::size_t kTotal = 3 * kPiece;
  for (std::size_t pieces = 0; pieces < 3; ++pieces) {
    auto [mine, theirs] = over_sockets();
    theirs.send(1);
    send_packet(theirs.fileno(), {.total = kTotal, .offset = 0}, 0);
    for (std::size_t i = 0; i < pieces; ++i) {
      send_packet(theirs.fileno(), {.total = kTotal, .offset = i * kPiece}, kPiece);
    }
    theirs.close();
    EXPECT_EQ(mine.recv<int>(), 1);
    EXPECT_THROW(mine.recv_bytes(), TruncatedMessage) << pieces;
    EXPECT_THROW(mine.recv_bytes(), RuntimeError) << pieces;
  }
}

// PI3: wherever the kernel happens to stop the sender, which does little but send. In every second
// round it has begun with a message, and a long one is more than the kernel holds.
TEST(Connection, GivesWholeMessagesOnlyWhenItsSenderIsKilled) {
  constexpr std::size_t kLong = 3'000'000;
  std::minstd_rand random(7);
  for (int round = 0; round < 60; ++round) {
    auto [mine, theirs] = pipe();
    const bool has_begun = round % 2 == 0;
    if (has_begun) hold_little(theirs, kLong / 10);
    Child child([&] {
      mine.close();
      Bytes message = pattern(kLong, 0);
      for (int i = 0;; ++i) {
        message[0] = static_cast<std::byte>(i);
        theirs.send_bytes(std::span(message).first(i % 2 == 0 ? kLong : 64));
      }
    });
    theirs.close();
    const int before = static_cast<int>(random() % 6);
    bool cut = false;
    int i = 0;
    try {
      for (;; ++i) {
        if (i == before) {
          if (has_begun) EXPECT_TRUE(mine.poll_until(Deadline::never()));
          child.kill();
        }
        Bytes message = mine.recv_bytes();
        ASSERT_EQ(message.at(0), static_cast<std::byte>(i));
        message[0] = std::byte{0};
        ASSERT_TRUE(is_pattern(message, i % 2 == 0 ? kLong : 64, 0)) << i;
      }
    } catch (const TruncatedMessage&) {
      cut = true;
    } catch (const EndOfFile&) {
    }
    EXPECT_GE(i, before);
    if (has_begun && before % 2 == 0) {
      EXPECT_TRUE(cut && i == before) << "it cannot have sent message " << before << " to its end";
    }
    EXPECT_EQ(child.join(), -SIGKILL);
  }
}

void expect_messages_of_several_senders_whole(std::size_t size, int messages, bool by_socket) {
  constexpr int kSenders = 3;
  auto [mine, theirs] = pipe();
  if (by_socket) (void)mine.fileno();
  std::vector<std::unique_ptr<Child>> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.push_back(std::make_unique<Child>([&, sender] {
      mine.close();
      for (int i = 0; i < messages; ++i) {
        Bytes message = pattern(i % 2 == 0 ? 1 : size, i);
        message.push_back(static_cast<std::byte>(sender));
        theirs.send_bytes(message);
      }
    }));
  }
  theirs.close();
  int next[kSenders] = {};
  for (int i = 0; i < kSenders * messages; ++i) {
    Bytes message = mine.recv_bytes();
    const auto sender = static_cast<std::size_t>(message.back());
    message.pop_back();
    ASSERT_LT(sender, std::size(next));
    ASSERT_TRUE(is_pattern(message, next[sender] % 2 == 0 ? 1 : size, next[sender]));
    ++next[sender];
  }
  EXPECT_THROW(mine.recv_bytes(), EndOfFile);
  for (auto& sender : senders) EXPECT_EQ(sender->join(), 0);
}

TEST(Connection, KeepsMessagesOfSeveralSendersWhole) {
  for (const bool by_socket : {false, true}) {
    expect_messages_of_several_senders_whole(kSmall / 2, 300, by_socket);
    expect_messages_of_several_senders_whole(700'000, 20, by_socket);
  }
}

// Two who send long messages at once break the contract; nobody is to get a mixture for a message.
TEST(Connection, NoticesThatTwoSendersMixTheirPieces) {
  struct Packet {
    PacketHead head;
    std::size_t content;
  };
  // Each would make a message if one check were missing.
  const std::vector<std::vector<Packet>> mixtures = {
      {{{40'000, 0}, 0}, {{40'000, 20'000}, 20'000}, {{40'000, 20'000}, 20'000}},
      {{{40'000, 0}, 0}, {{50'000, 0}, 20'000}, {{50'000, 20'000}, 20'000}},
      {{{40'000, 0}, 0}, {{40'000, 0}, 0}, {{40'000, 0}, 40'000}},
      {{{40'000, 0}, 0}, {{40'000, 0}, 50'000}},
      {{{10, 1}, 10}},
      {{{40'000, 0}, 10}, {{40'000, 10}, 39'990}},
  };
  for (const auto& mixture : mixtures) {
    auto [mine, theirs] = over_sockets();
    for (const Packet& packet : mixture) {
      send_packet(theirs.fileno(), packet.head, packet.content);
    }
    EXPECT_THROW(mine.recv_bytes(), TruncatedMessage) << &mixture - mixtures.data();
  }
  auto [mine, theirs] = over_sockets();
  const auto flood = [&](int salt) {
    mine.close();
    try {
      for (int i = 0; i < 50; ++i) theirs.send_bytes(pattern(5'000'000, salt));
    } catch (const BrokenPipeError&) {
    }
  };
  Child a([&] { flood(1); });
  Child b([&] { flood(2); });
  theirs.close();
  bool noticed = false;
  for (int i = 0; i < 100 && !noticed; ++i) {
    try {
      const Bytes message = mine.recv_bytes();
      ASSERT_TRUE(is_pattern(message, 5'000'000, 1) || is_pattern(message, 5'000'000, 2));
    } catch (const TruncatedMessage&) {
      noticed = true;
    }
  }
  EXPECT_TRUE(noticed);
  mine.close();
  EXPECT_EQ(a.join(), 0);
  EXPECT_EQ(b.join(), 0);
}

// Whatever packets come: a message, or an error with a name, and memory only for what came.
TEST(Connection, SurvivesPacketsThatNoHonestSenderSends) {
  std::minstd_rand random(11);
  const auto one_of = [&](std::initializer_list<std::uint64_t> values) {
    return values.begin()[random() % values.size()];
  };
  int errors = 0;
  for (int round = 0; round < 2000; ++round) {
    auto [mine, theirs] = over_sockets();
    for (int packets = 0; packets < 4; ++packets) {
      constexpr std::size_t kHead = sizeof(PacketHead);
      const std::size_t size = one_of(
          {1, 8, kHead - 1, kHead, kHead + 1, 100, kHead + kSmall, kHead + kSmall + 1, 40'000});
      Bytes packet(size);
      const PacketHead head{.total = one_of({0, 1, kSmall, kSmall + 1, 40'000, 1ull << 40, ~0ull}),
                            .offset = one_of({0, 0, 0, 1, 40'000 - kHead, ~0ull}),
                            .serial = one_of({0, 0, 0, 1})};
      std::memcpy(packet.data(), &head, std::min(sizeof head, size));
      ASSERT_EQ(::send(theirs.fileno(), packet.data(), size, 0), static_cast<ssize_t>(size));
    }
    theirs.close();
    const std::size_t before = allocated_bytes();
    try {
      for (;;) (void)mine.recv_bytes();
    } catch (const TruncatedMessage&) {
      ++errors;
    } catch (const EndOfFile&) {
    }
    ASSERT_LE(allocated_bytes() - before, std::size_t{40} << 20);
  }
  EXPECT_GT(errors, 1000);
}

// A kernel that has no room for a piece gets smaller ones.
TEST(Connection, MakesDoWithASmallBuffer) {
  auto [mine, theirs] = pipe();
  hold_little(theirs, 1);  // the kernel allows no less than some thousand
  Child child([&] {
    mine.close();
    theirs.send_bytes(pattern(1'000'000, 3));
  });
  theirs.close();
  EXPECT_TRUE(is_pattern(mine.recv_bytes(), 1'000'000, 3));
  EXPECT_EQ(child.join(), 0);
}

// A thousand signals a second, of which each interrupts whatever waits.
class SignalStorm {
 public:
  SignalStorm() {
    struct sigaction action{};
    action.sa_handler = [](int) { ++signals; };
    ::sigaction(SIGALRM, &action, &before_);
    const itimerval each{.it_interval = {0, 1000}, .it_value = {0, 1000}};
    ::setitimer(ITIMER_REAL, &each, nullptr);
  }
  ~SignalStorm() {
    const itimerval none{};
    ::setitimer(ITIMER_REAL, &none, nullptr);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  static inline std::atomic<int> signals{0};

 private:
  struct sigaction before_;
};

// PI2
TEST(Connection, IsNotInterruptedBySignals) {
  // While the one checks a message, the other waits for room for the next.
  constexpr std::size_t kMoreThanFits = 12'000'000;
  auto [mine, theirs] = pipe();
  Child child([&] {
    SignalStorm storm;
    mine.close();
    for (int i = 0; i < 3; ++i) {
      theirs.send_bytes(pattern(kMoreThanFits, i));
      theirs.send_bytes(pattern(kMoreThanFits, i + 1));
      demand(is_pattern(theirs.recv_bytes(), static_cast<std::size_t>(i), i), "the answer");
    }
  });
  theirs.close();
  SignalStorm storm;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(is_pattern(mine.recv_bytes(), kMoreThanFits, i));
    ASSERT_TRUE(is_pattern(mine.recv_bytes(), kMoreThanFits, i + 1));
    mine.send_bytes(pattern(static_cast<std::size_t>(i), i));
  }
  const auto begun = std::chrono::steady_clock::now();
  auto [quiet, quiet_end] = pipe();
  EXPECT_FALSE(quiet.poll_for(milliseconds(50)));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, milliseconds(50));
  EXPECT_GT(SignalStorm::signals, 10);
  EXPECT_EQ(child.join(), 0);
}

// PI1: a program that is started between the making of a pipe and anything else holds no copy.
TEST(Connection, IsNotHeldOpenByAProgramThatIsStartedMeanwhile) {
  std::atomic<bool> stop{false};
  std::thread starter([&] {
    while (!stop) {
      Popen program({"/bin/cat"}, {.in = Redirect::pipe()});
      program.close_in();
      program.wait();
    }
  });
  std::vector<std::unique_ptr<Popen>> programs;
  for (int i = 0; i < 100; ++i) {
    auto [mine, theirs] = pipe();
    // It runs until its input ends, which is after the test of the connection.
    if (i % 10 == 0) {
      programs.push_back(
          std::make_unique<Popen>(Arguments{"/bin/cat"}, StartOptions{.in = Redirect::pipe()}));
    }
    theirs.close();
    EXPECT_TRUE(mine.poll_for(milliseconds(10'000)));
    EXPECT_THROW(mine.recv_bytes(), EndOfFile);
  }
  stop = true;
  starter.join();
  for (auto& program : programs) {
    EXPECT_FALSE(program->poll().has_value());
    program->close_in();
    EXPECT_EQ(program->wait(), 0);
  }
}

}  // namespace
}  // namespace weft::ipc
