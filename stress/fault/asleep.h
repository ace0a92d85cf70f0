// Whether a process sleeps in the kernel: for a test that needs somebody to wait before it goes on.
//
// Thread safety: any thread of any process.
// Non-invariants: that it sleeps for what the test means; it must have nothing else to sleep for.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <thread>

namespace weft::fault {

// Of its first thread, as /proc says it: 'R', 'S', 't'; 'Z' also if there is no such process.
inline char state_of(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return 'Z';
  const std::size_t end = line.rfind(')');  // of its name
  return end == std::string::npos || end + 2 >= line.size() ? 'Z' : line[end + 2];
}

// Also if it is dead: then nobody comes to sleep.
inline void wait_until_asleep_or_dead(pid_t pid) {
  for (char state = state_of(pid); state != 'S' && state != 'Z'; state = state_of(pid)) {
    std::this_thread::yield();
  }
}

}  // namespace weft::fault
