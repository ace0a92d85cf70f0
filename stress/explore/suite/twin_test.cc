// Fibers against their plain twin, kernel threads: what one back end runs, the other repeats to the
// last operation.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "stress/check.h"
#include "stress/explore/random_walk.h"
#include "stress/explore/suite/repeated.h"
#include "stress/explore/suite/test_name.h"

namespace weft::suite {
namespace {

class Twin : public testing::TestWithParam<const Specimen*> {
 protected:
  // An execution that stops only because nothing happens for long takes its time.
  unsigned executions() const {
    return GetParam()->facts().says == "no scheduling point was reached for long" ? 1 : 20;
  }
  ~Twin() override { explore::use_kernel_threads(false); }

  const Session session_;
};

// The first execution of a process may initialise a static, which is no part of its trace but for
// whom it blocks.
void warm_up(const Specimen& specimen) {
  explore::RandomWalk straight(~0u);
  execute(specimen, straight, 1);
}

TEST_P(Twin, KernelThreadsRepeatFibers) {
  const Specimen& specimen = *GetParam();
  warm_up(specimen);
  explore::RandomWalk walk;
  for (std::uint64_t seed = 1; seed <= executions(); ++seed) {
    explore::use_kernel_threads(false);
    const Trial first = execute(specimen, walk, seed, true);
    const std::string steps = steps_text();
    explore::use_kernel_threads(true);
    const Trial second = replay(specimen, first.decisions, seed, true);
    ASSERT_TRUE(first == second) << "fibers: " << to_string(first) << "\n"
                                 << steps << "kernel threads: " << to_string(second) << "\n"
                                 << steps_text();
  }
}

TEST_P(Twin, FibersRepeatKernelThreads) {
  const Specimen& specimen = *GetParam();
  warm_up(specimen);
  explore::RandomWalk walk;
  for (std::uint64_t seed = 101; seed <= 100 + executions(); ++seed) {
    explore::use_kernel_threads(true);
    const Trial first = execute(specimen, walk, seed, true);
    const std::string steps = steps_text();
    explore::use_kernel_threads(false);
    const Trial second = replay(specimen, first.decisions, seed, true);
    ASSERT_TRUE(first == second) << "kernel threads: " << to_string(first) << "\n"
                                 << steps << "fibers: " << to_string(second) << "\n"
                                 << steps_text();
  }
}

// As glibc has it: the handle of a thread that was joined is the next one's.
TEST(BothBackEnds, GiveAHandleAgain) {
  for (const bool kernel_threads : {false, true}) {
    const Report report = check(
        [](weft::Run& run) {
          std::thread::id first, own;
          std::thread one([&] { first = std::this_thread::get_id(); });
          run.require(one.get_id() != std::this_thread::get_id(), "two that live differ");
          one.join();
          std::thread two([&] { own = std::this_thread::get_id(); });
          std::thread three([] {});
          run.require(two.get_id() == first, "it is given again");
          run.require(three.get_id() != first, "to one thread");
          two.join();
          run.require(own == first, "the thread itself sees it");
          three.detach();
        },
        {.executions = 20, .kernel_threads = kernel_threads});
    EXPECT_FALSE(report.violated());
  }
}

INSTANTIATE_TEST_SUITE_P(Bodies, Twin, testing::ValuesIn(repeatable()), test_name);

}  // namespace
}  // namespace weft::suite
