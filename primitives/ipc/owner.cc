#include "primitives/ipc/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "primitives/ipc/explored_owner.h"

namespace weft::internal {

constinit thread_local OwnerId this_threads_number = kNobody;

namespace {

enum class Found { kAlive, kDead, kUnknown };

struct Life {
  Found found;
  std::uint32_t birth;  // 0: not known
};

OwnerId number_of(pid_t id, std::uint32_t birth) {
  return (static_cast<OwnerId>(birth) << 32) | static_cast<OwnerId>(id);
}

// Reads /proc/ID/stat: "ID (NAME) STATE ...", where NAME may have anything in it, and the 20th word
// after STATE's own is the time of start. Allocates nothing and uses no stream: it runs in children
// of a fork().
Life look_up(pid_t id) {
  char path[32];
  std::snprintf(path, sizeof path, "/proc/%d/stat", static_cast<int>(id));
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {Found::kUnknown, 0};
  char text[1024];
  ssize_t size;
  do {
    size = ::read(fd, text, sizeof text - 1);
  } while (size < 0 && errno == EINTR);
  ::close(fd);
  if (size <= 0) return {Found::kUnknown, 0};  // ESRCH: it ended in between
  text[size] = '\0';
  const char* at = std::strrchr(text, ')');
  if (at == nullptr || at[1] != ' ') return {Found::kUnknown, 0};
  at += 2;
  const bool dead = *at == 'Z' || *at == 'X' || *at == 'x';
  constexpr int kWordsToBirth = 19;
  for (int word = 0; word < kWordsToBirth; ++word) {
    at = std::strchr(at, ' ');
    if (at == nullptr) return {Found::kUnknown, 0};
    ++at;
  }
  const auto birth = static_cast<std::uint32_t>(std::strtoull(at, nullptr, 10));
  return {dead ? Found::kDead : Found::kAlive, birth};
}

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLately{1};
struct Lately {
  std::uint64_t about = 0;
  Clock::time_point until;
};

// A child of a fork() has one thread, with another id than the one it is a copy of.
void forget_in_child() { this_threads_number = kNobody; }
[[maybe_unused]] const int asked_at_fork = ::pthread_atfork(nullptr, nullptr, forget_in_child);

}  // namespace

OwnerId find_this_threads_number() {
  const int saved_errno = errno;
  const auto id = static_cast<pid_t>(::syscall(SYS_gettid));
  this_threads_number = number_of(id, look_up(id).birth);
  errno = saved_errno;
  return this_threads_number;
}

bool is_alive(OwnerId owner) {
#if defined(WEFT_EXPLORE)
  if (is_explored(owner)) return !has_ended(owner);
#endif
  const int saved_errno = errno;
  const auto id = static_cast<pid_t>(owner & kThreadIdBits);
  const auto birth = static_cast<std::uint32_t>(owner >> 32);
  const Life life = look_up(id);
  bool alive;
  if (life.found == Found::kUnknown) {
    // /proc may be hidden or not be there; the kernel knows whether anybody has the id. kill()
    // takes the id of any thread.
    alive = ::kill(id, 0) == 0 || errno != ESRCH;
  } else if (birth != 0 && life.birth != birth) {
    alive = false;  // another one has its id by now
  } else {
    alive = life.found == Found::kAlive;
  }
  errno = saved_errno;
  return alive;
}

bool was_alive_lately(OwnerId owner) {
#if defined(WEFT_EXPLORE)
  if (is_explored(owner)) return is_alive(owner);
#endif
  thread_local Lately lately;
  if (lately.about == owner && Clock::now() < lately.until) return true;
  if (!is_alive(owner)) return false;
  lately = {owner, Clock::now() + kLately};
  return true;
}

bool is_time_to_ask(const void* object) {
#if defined(WEFT_EXPLORE)
  if (is_explored(this_owner())) return true;
#endif
  thread_local Lately lately;
  const auto about = reinterpret_cast<std::uintptr_t>(object);
  const auto now = Clock::now();
  if (lately.about == about && now < lately.until) return false;
  lately = {about, now + kLately};
  return true;
}

}  // namespace weft::internal
