// What random programs have in common.
#include "stress/generate/random_program.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>

namespace weft::generate {
namespace {

// `shared`: programs in which several threads call what belongs to no group. `partial`: those in
// which that is called eight times and more, and always the same, by chance once in 128.
TEST(RandomProgram, KeepsAGroupOnOneThreadAndLeavesOperationsOutOfSome) {
  constexpr unsigned kFirst = 2;  // of no group
  Vocabulary vocabulary;
  vocabulary.operations = {{.name = "produce", .group = "producer"},
                           {.name = "finish", .group = "producer"},
                           {.name = "get"},
                           {.name = "size"}};
  std::size_t shared = 0;
  std::size_t partial = 0;
  constexpr std::uint64_t kPrograms = 300;
  for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
    const Program program =
        random_program(vocabulary, {.threads = 3, .calls_max = 8, .around_max = 0}, seed);
    std::set<unsigned> producers;
    std::set<unsigned> others;
    std::size_t calls[2] = {};
    for (unsigned lane = 0; lane < program.main(); ++lane) {
      for (const Call& call : program.threads[lane]) {
        (call.operation < kFirst ? producers : others).insert(lane);
        if (call.operation >= kFirst) ++calls[call.operation - kFirst];
      }
    }
    ASSERT_LE(producers.size(), 1u) << "seed " << seed;
    shared += others.size() > 1 ? 1 : 0;
    partial += calls[0] + calls[1] >= 8 && (calls[0] == 0 || calls[1] == 0) ? 1 : 0;
  }
  EXPECT_GT(shared, kPrograms / 4);
  EXPECT_GT(partial, kPrograms / 20);
}

}  // namespace
}  // namespace weft::generate
