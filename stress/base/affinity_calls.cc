#include "stress/base/affinity_calls.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>

namespace weft::testing_affinity {
namespace {

std::atomic<AffinityCalls*> current{nullptr};

}  // namespace

AffinityCalls::AffinityCalls() { current.store(this); }
AffinityCalls::~AffinityCalls() { current.store(nullptr); }

extern "C" {

int sched_getcpu() noexcept {
  AffinityCalls* const calls = current.load();
  if (calls != nullptr) {
    if (const auto processor = calls->processor()) return *processor;
  }
  unsigned processor = 0;
  if (syscall(SYS_getcpu, &processor, nullptr, nullptr) != 0) return -1;
  return static_cast<int>(processor);
}

int sched_getaffinity(pid_t thread, std::size_t size, cpu_set_t* set) noexcept {
  AffinityCalls* const calls = current.load();
  if (calls != nullptr) {
    if (const auto answer = calls->get(thread)) {
      memset(set, 0, size);
      memcpy(set, &*answer, std::min(size, sizeof(*answer)));
      return 0;
    }
  }
  const long filled = syscall(SYS_sched_getaffinity, thread, size, set);
  if (filled < 0) return -1;
  memset(reinterpret_cast<char*>(set) + filled, 0, size - static_cast<std::size_t>(filled));
  return 0;
}

int sched_setaffinity(pid_t thread, std::size_t size, const cpu_set_t* set) noexcept {
  AffinityCalls* const calls = current.load();
  std::uint64_t first = 0;
  memcpy(&first, set, std::min(size, sizeof(first)));
  if (calls != nullptr && calls->set(thread, first)) return 0;
  return static_cast<int>(syscall(SYS_sched_setaffinity, thread, size, set));
}

}  // extern "C"

}  // namespace weft::testing_affinity
