#include "primitives/manager/handshake.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "primitives/manager/random.h"
#include "primitives/message/message_errors.h"
#include "primitives/process/wait.h"

namespace weft::ipc::detail {
namespace {

using weft::internal::Digest;
using weft::internal::equal_in_constant_time;
using weft::internal::hmac_sha256;

using Nonce = std::array<std::byte, 32>;

struct Challenge {
  std::uint64_t word;  // what this is, and its version
  Nonce nonce;
};
struct Answer {
  std::uint64_t word;
  Nonce nonce;
  Digest proof;
};
struct Welcome {
  std::uint64_t word;
  Digest proof;
};
constexpr std::uint64_t kChallenge = 0x01'6c6c'6168'6377;
constexpr std::uint64_t kAnswer = 0x01'7377'6e61'6377;
constexpr std::uint64_t kWelcome = 0x01'6c65'7765'6377;
constexpr std::uint64_t kRefusal = 0x01'6f6e'6f6e'6377;
constexpr std::size_t kMost = 4096;
static_assert(sizeof(Challenge) <= kMost && sizeof(Answer) <= kMost && sizeof(Welcome) <= kMost);

Digest proof_of(std::string_view side, const AuthKey& key, const Nonce& managers,
                const Nonce& clients) {
  return hmac_sha256(key.bytes, {std::as_bytes(std::span(side)), managers, clients});
}
Digest clients_proof(const AuthKey& key, const Nonce& managers, const Nonce& clients) {
  return proof_of("weft client", key, managers, clients);
}
Digest managers_proof(const AuthKey& key, const Nonce& managers, const Nonce& clients) {
  return proof_of("weft manager", key, managers, clients);
}

void refuse_other_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "manager: SO_PEERCRED");
  }
  if (peer.uid != ::geteuid()) {
    throw AuthenticationError("manager: the other side belongs to user " +
                              std::to_string(peer.uid));
  }
}

template <class Packet>
void send(int socket, const Packet& packet) {
  // It never waits: a packet of a new connection fits into its buffer.
  ssize_t sent = 0;
  do {
    sent = ::send(socket, &packet, sizeof packet, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  if (sent == static_cast<ssize_t>(sizeof packet)) return;
  if (errno == EPIPE || errno == ECONNRESET) throw EndOfFile("manager: the other side has ended");
  throw std::system_error(errno, std::generic_category(), "manager: handshake");
}

template <class Packet>
Packet receive(int socket, const Deadline& deadline) {
  for (;;) {
    if (wait_until({socket}, deadline).empty()) {
      throw AuthenticationError(
          "manager: the other side did not prove in time that it knows the "
          "key");
    }
    Packet packet;
    const ssize_t got = ::recv(socket, &packet, sizeof packet, MSG_DONTWAIT | MSG_TRUNC);
    if (got == static_cast<ssize_t>(sizeof packet)) return packet;
    if (got == 0 || (got < 0 && errno == ECONNRESET)) {
      throw EndOfFile("manager: the other side has ended");
    }
    if (got > 0) throw AuthenticationError("manager: the other side does not speak as it should");
    if (errno != EINTR && errno != EAGAIN) {
      throw std::system_error(errno, std::generic_category(), "manager: handshake");
    }
  }
}

}  // namespace

void authenticate_client(int socket, const AuthKey& key, const Deadline& deadline) {
  refuse_other_user(socket);
  Challenge challenge{.word = kChallenge, .nonce = {}};
  fill_with_random(challenge.nonce);
  send(socket, challenge);
  const auto answer = receive<Answer>(socket, deadline);
  const bool knows =
      answer.word == kAnswer &&
      equal_in_constant_time(answer.proof, clients_proof(key, challenge.nonce, answer.nonce));
  if (!knows) {
    send(socket, Welcome{.word = kRefusal, .proof = {}});
    throw AuthenticationError("manager: a client does not know the key");
  }
  send(socket,
       Welcome{.word = kWelcome, .proof = managers_proof(key, challenge.nonce, answer.nonce)});
}

void authenticate_manager(int socket, const AuthKey& key, const Deadline& deadline) {
  refuse_other_user(socket);
  const auto challenge = receive<Challenge>(socket, deadline);
  if (challenge.word != kChallenge) {
    throw AuthenticationError(
        "manager: who listens at the address is no manager, or one of "
        "another version");
  }
  Answer answer{.word = kAnswer, .nonce = {}, .proof = {}};
  fill_with_random(answer.nonce);
  answer.proof = clients_proof(key, challenge.nonce, answer.nonce);
  send(socket, answer);
  const auto welcome = receive<Welcome>(socket, deadline);
  if (welcome.word == kRefusal) {
    throw AuthenticationError("manager: the manager was made with another key");
  }
  if (welcome.word != kWelcome ||
      !equal_in_constant_time(welcome.proof, managers_proof(key, challenge.nonce, answer.nonce))) {
    throw AuthenticationError("manager: who listens at the address does not know the key");
  }
}

}  // namespace weft::ipc::detail

namespace weft::ipc {

AuthKey AuthKey::random() {
  AuthKey key;
  detail::fill_with_random(key.bytes);
  return key;
}

}  // namespace weft::ipc
