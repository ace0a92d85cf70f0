// Channels from one process to another, as the benchmarks use them: each is made before the fork,
// then one process puts messages of one size for ever, and the other gets them.
//
// Thread safety: one process puts, one gets.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "primitives/message/connection.h"
#include "primitives/message/queue.h"

#ifdef WEFT_HAVE_BOOST
#include <boost/interprocess/ipc/message_queue.hpp>
#endif

namespace weft::benchmarks {

// Mere bytes of a fixed size.
template <std::size_t kSize>
struct Bytes {
  std::array<char, kSize> bytes;
};

// Typed values, of a fixed size.
template <std::size_t kSize>
class WeftIpcQueue {
 public:
  void put() { queue_.put(message_); }
  void get() { message_ = queue_.get(); }

 private:
  ipc::Queue<Bytes<kSize>> queue_;
  Bytes<kSize> message_{};
};

// Vectors of bytes, whose memory is used again. The ring holds as much as the socket's buffer
// below.
template <std::size_t kSize>
class WeftIpcQueueOfVectors {
 public:
  void put() { queue_.put(message_); }
  void get() { queue_.get_into(message_); }

 private:
  ipc::Queue<std::vector<char>> queue_{0, std::size_t{8} << 20};
  std::vector<char> message_ = std::vector<char>(kSize, 1);
};

template <std::size_t kSize>
class WeftConnection {
 public:
  void put() { ends_.second.send_bytes(message_); }
  void get() { ends_.first.recv_bytes_into(message_); }

 private:
  std::pair<ipc::Connection, ipc::Connection> ends_ = ipc::pipe();
  std::vector<std::byte> message_ = std::vector<std::byte>(kSize, std::byte{1});
};

// Packets that hold a whole message, and a buffer that holds several.
template <std::size_t kSize>
class SeqpacketSocketpair {
 public:
  SeqpacketSocketpair() {
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends_) != 0) {
      throw std::runtime_error("socketpair");
    }
    const int bytes = 4 << 20;
    (void)::setsockopt(ends_[1], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  ~SeqpacketSocketpair() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  SeqpacketSocketpair(const SeqpacketSocketpair&) = delete;
  SeqpacketSocketpair& operator=(const SeqpacketSocketpair&) = delete;

  void put() { require(::send(ends_[1], message_.data(), kSize, MSG_NOSIGNAL)); }
  void get() { require(::recv(ends_[0], message_.data(), kSize, 0)); }

 private:
  static void require(ssize_t bytes) {
    if (bytes != static_cast<ssize_t>(kSize)) throw std::runtime_error("a packet was cut");
  }

  int ends_[2];
  std::vector<char> message_ = std::vector<char>(kSize, 1);
};

#ifdef WEFT_HAVE_BOOST
template <std::size_t kSize>
class BoostMessageQueue {
 public:
  ~BoostMessageQueue() { boost::interprocess::message_queue::remove(name_.c_str()); }
  BoostMessageQueue() = default;
  BoostMessageQueue(const BoostMessageQueue&) = delete;
  BoostMessageQueue& operator=(const BoostMessageQueue&) = delete;

  void put() { queue_.send(message_.data(), kSize, 0); }
  void get() {
    boost::interprocess::message_queue::size_type size = 0;
    unsigned priority = 0;
    queue_.receive(message_.data(), kSize, size, priority);
  }

 private:
  static constexpr std::size_t kMessages = kSize < 4096 ? 1024 : 4;

  std::string name_ = "weft_benchmark_" + std::to_string(::getpid());
  boost::interprocess::message_queue queue_{boost::interprocess::create_only, name_.c_str(),
                                            kMessages, kSize};
  std::vector<char> message_ = std::vector<char>(kSize, 1);
};
#endif

}  // namespace weft::benchmarks
