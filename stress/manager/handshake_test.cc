// Both sides of the handshake, over a pair of sockets.
#include "primitives/manager/handshake.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {
namespace {

struct Sockets {
  Sockets() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0); }
  ~Sockets() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  int ends[2];
};

Deadline soon() { return Deadline::after(std::chrono::seconds(10)); }

TEST(Handshake, LetsInWhoKnowsTheKey) {
  const AuthKey key = AuthKey::random();
  Sockets sockets;
  std::thread manager([&] { EXPECT_NO_THROW(authenticate_client(sockets.ends[0], key, soon())); });
  EXPECT_NO_THROW(authenticate_manager(sockets.ends[1], key, soon()));
  manager.join();
}

TEST(Handshake, TellsBothSidesOfAWrongKey) {
  AuthKey one = AuthKey::random();
  AuthKey other = one;
  other.bytes[31] ^= std::byte{1};
  Sockets sockets;
  std::thread manager([&] {
    EXPECT_THROW(authenticate_client(sockets.ends[0], one, soon()), AuthenticationError);
  });
  EXPECT_THROW(authenticate_manager(sockets.ends[1], other, soon()), AuthenticationError);
  manager.join();
}

// What a client sent once is of no use to who has recorded it.
TEST(Handshake, RefusesARecordedAnswer) {
  const AuthKey key = AuthKey::random();
  char answer[256];
  ssize_t size = 0;
  {
    Sockets sockets;
    std::thread client([&] {
      EXPECT_THROW(authenticate_manager(sockets.ends[1], key, soon()), AuthenticationError);
    });
    // The challenge of a real manager, taken from its socket and handed on.
    Sockets real;
    std::thread manager(
        [&] { EXPECT_THROW(authenticate_client(real.ends[0], key, soon()), AuthenticationError); });
    char challenge[256];
    const ssize_t length = ::recv(real.ends[1], challenge, sizeof challenge, 0);
    EXPECT_EQ(::send(sockets.ends[0], challenge, static_cast<std::size_t>(length), 0), length);
    size = ::recv(sockets.ends[0], answer, sizeof answer, 0);
    ASSERT_GT(size, 0);
    EXPECT_EQ(::send(sockets.ends[0], "?", 1, 0), 1);
    EXPECT_EQ(::send(real.ends[1], "?", 1, 0), 1);
    client.join();
    manager.join();
  }
  Sockets sockets;
  std::thread manager([&] {
    EXPECT_THROW(authenticate_client(sockets.ends[0], key, soon()), AuthenticationError);
  });
  char challenge[256];
  EXPECT_GT(::recv(sockets.ends[1], challenge, sizeof challenge, 0), 0);
  EXPECT_EQ(::send(sockets.ends[1], answer, static_cast<std::size_t>(size), 0), size);
  manager.join();
}

// Who does not know the key cannot get through by sending back what it gets.
TEST(Handshake, RefusesAManagerThatCannotProveItself) {
  const AuthKey key = AuthKey::random();
  for (const bool echo : {false, true}) {
    Sockets sockets;
    std::thread impostor([&] {
      // A challenge and a welcome as a real manager's, the proofs in them made up or sent back.
      Sockets real;
      std::thread manager(
          [&] { EXPECT_ANY_THROW(authenticate_client(real.ends[0], AuthKey::random(), soon())); });
      char bytes[256];
      ssize_t size = ::recv(real.ends[1], bytes, sizeof bytes, 0);
      EXPECT_EQ(::send(sockets.ends[0], bytes, static_cast<std::size_t>(size), 0), size);
      char answer[256];
      const ssize_t answered = ::recv(sockets.ends[0], answer, sizeof answer, 0);
      EXPECT_EQ(::send(real.ends[1], answer, static_cast<std::size_t>(answered), 0), answered);
      size = ::recv(real.ends[1], bytes, sizeof bytes, 0);  // a refusal: turn it into a welcome
      const std::uint64_t welcome = 0x01'6c65'7765'6377;
      std::memcpy(bytes, &welcome, sizeof welcome);
      if (echo) std::copy_n(answer + answered - 32, 32, bytes + size - 32);
      EXPECT_EQ(::send(sockets.ends[0], bytes, static_cast<std::size_t>(size), 0), size);
      manager.join();
    });
    EXPECT_THROW(authenticate_manager(sockets.ends[1], key, soon()), AuthenticationError);
    impostor.join();
  }
}

TEST(Handshake, WaitsForNobodyLongerThanItsLimit) {
  Sockets sockets;
  const auto limit = std::chrono::milliseconds(30);
  EXPECT_THROW(authenticate_client(sockets.ends[0], AuthKey::random(), Deadline::after(limit)),
               AuthenticationError);
  Sockets others;
  EXPECT_THROW(authenticate_manager(others.ends[0], AuthKey::random(), Deadline::after(limit)),
               AuthenticationError);
}

TEST(Handshake, RefusesPacketsOfAnotherSize) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{71}, std::size_t{73}, std::size_t{5000}}) {
    Sockets sockets;
    const std::string bytes(size, 'x');
    EXPECT_EQ(::send(sockets.ends[1], bytes.data(), size, 0), static_cast<ssize_t>(size));
    EXPECT_THROW(authenticate_client(sockets.ends[0], AuthKey::random(), soon()),
                 AuthenticationError);
  }
}

TEST(Handshake, TellsThatTheOtherSideHasEnded) {
  Sockets sockets;
  ::shutdown(sockets.ends[1], SHUT_RDWR);
  EXPECT_THROW(authenticate_manager(sockets.ends[0], AuthKey::random(), soon()), EndOfFile);
}

}  // namespace
}  // namespace weft::ipc::detail
