#include "primitives/manager/lease.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <system_error>

#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {
namespace {

using weft::internal::Descriptor;

// A packet of one byte, with room for one descriptor beside it.
struct Packet {
  Packet() {
    part = {.iov_base = &byte, .iov_len = 1};
    head.msg_iov = &part;
    head.msg_iovlen = 1;
    head.msg_control = room;
    head.msg_controllen = sizeof room;
  }
  char byte = 'l';
  iovec part;
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))] = {};
  msghdr head{};
};

}  // namespace

std::pair<Descriptor, Descriptor> make_lease() {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "manager: pipe");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

bool send_lease(int socket, const Descriptor& lease) {
  Packet packet;
  cmsghdr* const entry = CMSG_FIRSTHDR(&packet.head);
  entry->cmsg_level = SOL_SOCKET;
  entry->cmsg_type = SCM_RIGHTS;
  entry->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = lease.get();
  std::memcpy(CMSG_DATA(entry), &fd, sizeof fd);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &packet.head, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

Descriptor receive_lease(int socket) {
  Packet packet;
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, &packet.head, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno != ECONNRESET) {
    throw std::system_error(errno, std::generic_category(), "manager: a lease");
  }
  if (got <= 0) throw EndOfFile("manager: the other side has ended");
  const cmsghdr* const entry = CMSG_FIRSTHDR(&packet.head);
  if (entry == nullptr || entry->cmsg_type != SCM_RIGHTS) {
    // This process has no descriptor to spare.
    throw std::system_error(EMFILE, std::generic_category(), "manager: a lease");
  }
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(entry), sizeof fd);
  return Descriptor(fd);
}

}  // namespace weft::ipc::detail
