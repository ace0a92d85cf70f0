// Shared memory with a name, whose maker is killed before and after each named step of its making,
// or of its end: the name is there, complete, and can be taken away, or it is not.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "primitives/ipc/shared_memory.h"
#include "stress/fault/expect_survived.h"
#include "stress/fault/kill_at_points.h"

namespace weft::fault {
namespace {

// Of this test: other programs have theirs.
std::set<std::string> names() {
  std::set<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    const std::string name = entry.path().filename();
    if (name.find(std::to_string(::getpid())) != std::string::npos) all.insert(name);
  }
  return all;
}

struct NamedMemory {
  const std::string name = "weft-points-" + std::to_string(::getpid());

  void run() const {
    const auto memory = ipc::SharedMemory::create_named(name, 5000, 7);
    memory.bytes()[4999] = std::byte{9};
  }
  std::string judge() const {
    const bool is_there = names().contains(name);
    if (is_there && ipc::SharedMemory::attach_named(name, 7).size() != 5000) return "incomplete";
    if (ipc::SharedMemory::remove_abandoned(name) != is_there) return "it cannot be removed";
    if (!names().empty()) return "a name is left";
    run();  // it can be made again
    return names().empty() ? "" : "a name is left in the end";
  }
};

TEST(KillAtPoints, OfNamedMemoryTheNameIsThereCompleteOrNotAtAll) {
  const std::vector<std::string> functions = {"weft::ipc::SharedMemory::create_named",
                                              "weft::ipc::(anonymous namespace)::open_anyhow",
                                              "weft::ipc::(anonymous namespace)::allocate",
                                              "weft::ipc::SharedMemory::map",
                                              "weft::ipc::SharedMemory::fill",
                                              "weft::ipc::SharedMemory::close"};
  expect_survived_at(
      functions, kill_at_points<NamedMemory>({.operation = [](NamedMemory& s) { s.run(); },
                                              .judge = [](NamedMemory& s) { return s.judge(); }},
                                             functions));
}

}  // namespace
}  // namespace weft::fault
