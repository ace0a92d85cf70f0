// Two processes send long messages over one socket of the program's own, and their pieces mix.
// (Those of ipc::pipe() do not: its senders take turns.)
#include <sys/socket.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "primitives/ipc/lock.h"
#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/message/message.h"

namespace weft::scenarios::specimens::message {
namespace {

constexpr std::size_t kLong = std::size_t{4} << 20;
constexpr int kEach = 3;

struct Nobody {
  void lock() {}
  void unlock() {}
};

std::pair<ipc::Connection, ipc::Connection> over_a_socket() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("socketpair");
  }
  return {ipc::connection_over(weft::internal::Descriptor(ends[0])),
          ipc::connection_over(weft::internal::Descriptor(ends[1]))};
}

template <class Lockable>
std::string send_from_two() {
  auto [parent_end, child_end] = over_a_socket();
  Lockable sending;
  const auto send = [&](char letter) {
    parent_end.close();
    try {
      for (int i = 0; i < kEach; ++i) {
        std::lock_guard hold(sending);
        child_end.send(std::string(kLong, letter));
      }
    } catch (const ipc::BrokenPipeError&) {  // the parent has seen enough
    }
  };
  ipc::Process first(send, 'a'), second(send, 'b');
  first.start();
  second.start();
  child_end.close();
  bool is_torn = false;
  try {
    for (int i = 0; i < 2 * kEach; ++i) (void)parent_end.recv<std::string>();
  } catch (const ipc::TruncatedMessage&) {
    is_torn = true;
  }
  parent_end.close();
  first.join();
  second.join();
  return unless(!is_torn, "the pieces of two messages are mixed");
}

}  // namespace

constinit const Specimen kTwoWriters{
    .row = "000-5",
    .name = "message/two_writers",
    .mistake = "two processes send from the same end at once without a lock",
    .kind = kind::kAssertion,
    .body = send_from_two<Nobody>,
    .mended = send_from_two<ipc::Lock>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::message
