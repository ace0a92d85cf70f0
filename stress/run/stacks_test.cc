// Addresses in words.
#include "stress/run/stacks.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

// Static, so that the dynamic linker does not know it, but a symbolizer does.
static int counter_of_stacks_test = 0;

namespace weft::internal {
namespace {

// As a search over a whole program has them.
class Ticks {
 public:
  Ticks() {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, &before_);
    set_period(200);
  }
  ~Ticks() {
    set_period(0);
    sigaction(SIGALRM, &before_, nullptr);
  }
  Ticks(const Ticks&) = delete;
  Ticks& operator=(const Ticks&) = delete;

 private:
  static void set_period(int microseconds) {
    const itimerval timer = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }

  struct sigaction before_ = {};
};

TEST(Symbols, AreComplete) {
  const auto symbols = symbols_of({}, {&counter_of_stacks_test});
  ASSERT_EQ(symbols.variables.size(), 1u);
  EXPECT_EQ(symbols.variables[0], "counter_of_stacks_test");
}

TEST(Symbols, AreCompleteThoughSignalsInterrupt) {
  const Ticks ticks;
  const auto symbols = symbols_of({}, {&counter_of_stacks_test});
  ASSERT_EQ(symbols.variables.size(), 1u);
  EXPECT_EQ(symbols.variables[0], "counter_of_stacks_test");
}

}  // namespace
}  // namespace weft::internal
