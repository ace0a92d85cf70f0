// The search's half of a search over a whole program, against a runtime that runs nothing: what
// each execution is to have met is written down here.
#include "stress/program/search/remote.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/explore/random_walk.h"

namespace weft::program {
namespace {

// By seed: what the process of the execution has met when it is over.
std::map<std::uint64_t, std::vector<Conflicts>> met;
bool can_run_more = true;
bool is_asked_for_more = false;  // in a runner

bool run_nothing(Shared& shared, explore::Strategy&, std::uint64_t seed, const explore::Limits&) {
  Entry& entry = shared.entries[shared.begun - 1];
  entry.counters.threads = 1;
  entry.conflicts_begin = shared.log_bytes;
  for (const Conflicts& conflicts : met[seed]) {
    std::memcpy(shared.log + shared.log_bytes, &conflicts, sizeof conflicts);
    shared.log_bytes += sizeof conflicts;
    ++entry.conflicts;
  }
  entry.ended = true;
  return can_run_more && is_asked_for_more;
}

Runtime that_runs_nothing() {
  Runtime runtime = {};
  runtime.uses_kernel_threads = [] { return false; };
  runtime.prepare_threads = [](unsigned) {};
  runtime.begin_runner = [](Shared&) {};
  runtime.begin_runs = [](Shared&, const SearchLibrary&) { is_asked_for_more = true; };
  runtime.run_execution = run_nothing;
  runtime.end_runner = [] { _exit(0); };
  return runtime;
}

struct Told {
  std::vector<unsigned> fresh;  // of each execution
  std::uint64_t processes;
};

// Executions with the seeds 1, 2, 3, ... (A runner is a copy of this process and makes the same
// calls, until the last, which no runner runs ahead.)
Told run(unsigned executions, bool cover = true) {
  static const Runtime runtime = that_runs_nothing();
  static const bool connected = (connect(runtime), true);
  EXPECT_TRUE(connected);
  explore::RandomWalk strategy;
  Told told;
  const std::uint64_t before = processes();
  const auto execute = [&](std::uint64_t seed, bool ahead) {
    explore::execute([](void*) {}, nullptr, strategy, seed,
                     {.cover = cover, .may_run_ahead = ahead});
  };
  for (std::uint64_t seed = 1; seed <= executions; ++seed) {
    execute(seed, true);
    told.fresh.push_back(explore::new_conflicts());
  }
  told.processes = processes() - before;
  execute(0, false);
  return told;
}

class Remote : public testing::Test {
 protected:
  void SetUp() override {
    explore::forget_conflicts();
    can_run_more = true;
    met = {{1, {{3, 0b11}}}, {2, {{3, 0b110}}}, {4, {{3, 0b110}, {9, 0b1}}}};
  }
};

const std::vector<unsigned> kFresh = {2, 1, 0, 1};

TEST_F(Remote, APairOfPlacesIsNewsOnce) {
  const Told told = run(4);
  EXPECT_EQ(told.fresh, kFresh);
  EXPECT_EQ(told.processes, 1U);
  EXPECT_EQ(explore::conflicts()[3], 0b111U);
  EXPECT_EQ(explore::conflicts()[9], 0b1U);
}

TEST_F(Remote, AProcessThatCannotRunMoreIsFollowedByAnother) {
  can_run_more = false;
  const Told told = run(4);
  EXPECT_EQ(told.fresh, kFresh);
  EXPECT_EQ(told.processes, 4U);
}

TEST_F(Remote, ForgottenPairsAreNewsAgain) {
  EXPECT_EQ(run(4).fresh, kFresh);
  EXPECT_EQ(run(1).fresh, std::vector<unsigned>{0});
  explore::forget_conflicts();
  EXPECT_EQ(run(1).fresh, std::vector<unsigned>{2});
}

TEST_F(Remote, NothingIsCountedWhereNobodyWantsNews) {
  EXPECT_EQ(run(4, false).fresh, (std::vector<unsigned>{0, 0, 0, 0}));
  EXPECT_EQ(explore::conflicts()[3], 0U);
}

}  // namespace
}  // namespace weft::program
