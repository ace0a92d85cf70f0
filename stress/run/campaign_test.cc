// Campaigns: a search that is killed goes on as if it had not been; a state of another search is
// refused; workers and shards run no seed twice.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/run/checkpoint.h"
#include "stress/run/search.h"

namespace weft::internal {
namespace {

std::string new_folder() {
  const char* base = std::getenv("TEST_TMPDIR");
  std::string folder = std::string(base == nullptr ? "/tmp" : base) + "/campaign.XXXXXX";
  EXPECT_NE(mkdtemp(folder.data()), nullptr);
  return folder;
}

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void add_in_three_threads(weft::Run& run) {
  std::atomic<int> count{0}, other{0};
  for (int i = 0; i < 3; ++i) {
    run.thread([&] {
      for (int turn = 0; turn < 3; ++turn) {
        count.fetch_add(1);
        other.store(turn);
      }
    });
  }
  run.join();
}

class Campaign : public testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"WEFT_EXECUTIONS", "TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"}) {
      unsetenv(name);
    }
  }
};
using Workers = Campaign;
using Shards = Campaign;

Options campaign_in(const std::string& folder, std::uint64_t executions) {
  Options options;
  options.campaign = folder;
  options.workers = 1;
  setenv("WEFT_EXECUTIONS", std::to_string(executions).c_str(), 1);
  return options;
}

// In a process of its own, which is killed in the middle of its `killed_in`-th execution.
int status_of_search(const std::string& folder, std::uint64_t executions, unsigned killed_in) {
  const pid_t child = fork();
  if (child == 0) {
    static unsigned begun = 0;
    search(
        "killed",
        [=](weft::Run& run) {
          add_in_three_threads(run);
          if (++begun == killed_in) {
            const explore::Outside outside;
            kill(getpid(), SIGKILL);
          }
        },
        campaign_in(folder, executions));
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// All that matters for what comes next.
Checkpoint state_in(const std::string& folder) {
  auto state = load(folder + "/killed.state", {});
  EXPECT_TRUE(state);
  if (!state) return {};
  state->seconds = 0;
  std::sort(state->digests.begin(), state->digests.end());
  return *state;
}

TEST_F(Campaign, GoesOnAfterAKillAsIfItHadNotBeen) {
  constexpr std::uint64_t kExecutions = 210'000;
  const std::string undisturbed = new_folder(), killed = new_folder();
  EXPECT_EQ(status_of_search(undisturbed, kExecutions, 0), 0);
  for (const unsigned in : {60'000u, 10u, 120'001u}) {
    const int status = status_of_search(killed, kExecutions, in);
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
  }
  EXPECT_EQ(state_in(killed).executions, 150'000u) << "50,000 and 100,000 were not in vain";
  EXPECT_EQ(status_of_search(killed, kExecutions, 0), 0);
  const Checkpoint one = state_in(undisturbed), other = state_in(killed);
  EXPECT_EQ(one.executions, 200'000u);
  EXPECT_GT(one.digests.size(), 1000u);
  EXPECT_EQ(one.digests.size(), other.digests.size());
  EXPECT_EQ(one.strategies, other.strategies);
  EXPECT_EQ(one, other);
}

std::string refusal(const std::string& folder, const std::function<void(Options&)>& change) {
  Options options = campaign_in(folder, 60'000);
  change(options);
  try {
    search("refused", add_in_three_threads, options);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "";
}

TEST_F(Campaign, RefusesTheStateOfAnotherSearch) {
  const std::string folder = new_folder();
  const std::string path = folder + "/refused.state";
  EXPECT_EQ(refusal(folder, [](Options&) {}), "");
  EXPECT_EQ(refusal(folder, [](Options&) {}), "") << "its own";
  const std::string good = content(path);
  ASSERT_GT(good.size(), 100u);

  const std::string other_seed = refusal(folder, [](Options& options) { options.seed = 7; });
  EXPECT_NE(other_seed.find("the state of another search: its seed is 20260101, here it is 7; to "
                            "begin anew delete it"),
            std::string::npos)
      << other_seed;
  const std::string other_strategy =
      refusal(folder, [](Options& options) { options.strategy = "pos"; });
  EXPECT_NE(other_strategy.find("its strategy is portfolio, here it is pos"), std::string::npos);
  const std::string other_races = refusal(folder, [](Options& options) { options.races = false; });
  EXPECT_NE(other_races.find("its search for data races is 1, here it is 0"), std::string::npos)
      << other_races;
  const std::string other_orders =
      refusal(folder, [](Options& options) { options.lock_order = false; });
  EXPECT_NE(other_orders.find("its look at the order of locks is 1, here it is 0"),
            std::string::npos)
      << other_orders;
  const std::string other_leaks = refusal(folder, [](Options& options) { options.leaks = false; });
  EXPECT_NE(other_leaks.find("its search for leaks is 1, here it is 0"), std::string::npos)
      << other_leaks;

  for (const std::size_t size : {good.size() - 1, good.size() / 2, std::size_t{20}}) {
    std::ofstream(path, std::ios::binary) << good.substr(0, size);
    EXPECT_NE(refusal(folder, [](Options&) {}).find("damaged"), std::string::npos) << size;
  }
  std::string flipped = good;
  flipped[good.size() / 3] ^= 1;
  std::ofstream(path, std::ios::binary) << flipped;
  EXPECT_NE(refusal(folder, [](Options&) {}).find("damaged"), std::string::npos);
  std::ofstream(path, std::ios::binary) << "something else";
  EXPECT_NE(refusal(folder, [](Options&) {}).find("is no state of a search"), std::string::npos);
  EXPECT_EQ(content(path), "something else") << "it is left alone";
}

TEST_F(Campaign, WritesWhatItFinds) {
  const std::string folder = new_folder();
  const Report report = search("found",
                               [](weft::Run& run) {
                                 std::atomic<int> count{0};
                                 for (int i = 0; i < 2; ++i) {
                                   run.thread([&] {
                                     const int seen = count;
                                     count = seen + 1;
                                   });
                                 }
                                 run.join();
                                 run.require(count == 2, "two additions make two");
                               },
                               {.workers = 2, .campaign = folder});
  ASSERT_TRUE(report.violated()) << report.summary();
  EXPECT_EQ(content(folder + "/found.txt"), report.text());
  EXPECT_EQ(content(folder + "/found.finding.json"), report.finding);
  EXPECT_NE(report.text().find("WEFT_SCHEDULE="), std::string::npos) << report.text();
}

// --- Workers and shards -----------------------------------------------------------

// Seeds that executions, in whatever process, had.
class SeedList {
 public:
  SeedList() {
    void* const memory =
        mmap(nullptr, sizeof(List), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(memory, MAP_FAILED);
    list_ = static_cast<List*>(memory);
  }
  ~SeedList() { munmap(list_, sizeof(List)); }
  SeedList(const SeedList&) = delete;
  SeedList& operator=(const SeedList&) = delete;

  Body body() {
    return [this](weft::Run& run) {
      add_in_three_threads(run);
      const std::uint64_t seed = run.seed();
      const explore::Outside outside;
      list_->seeds[list_->count.fetch_add(1) % kMost] = seed;
    };
  }
  std::size_t count() const { return list_->count; }
  std::multiset<std::uint64_t> seeds() const {
    return {list_->seeds, list_->seeds + std::min<std::size_t>(count(), kMost)};
  }

 private:
  static constexpr std::size_t kMost = 100'000;
  struct List {
    std::atomic<std::size_t> count;
    std::uint64_t seeds[kMost];
  };
  List* list_;
};

TEST_F(Workers, RunNoSeedTwice) {
  SeedList list;
  const Report report =
      search("seeds", list.body(),
             {.budget = Seconds(30), .executions = 500, .strategy = "random_walk", .workers = 3});
  EXPECT_EQ(report.executions, 1500u);
  // Each worker has a first execution besides, which is apart, and of the search's own seed.
  EXPECT_EQ(list.count(), 1503u);
  std::multiset<std::uint64_t> seeds = list.seeds();
  EXPECT_EQ(std::set(seeds.begin(), seeds.end()).size(), 1500u);
  EXPECT_GT(report.distinct, 200u);
  EXPECT_LE(report.distinct, 1500u);
}

TEST_F(Shards, RunNoSeedTwice) {
  std::set<std::uint64_t> all;
  for (const char* shard : {"0", "1", "2"}) {
    setenv("TEST_SHARD_INDEX", shard, 1);
    setenv("TEST_TOTAL_SHARDS", "3", 1);
    SeedList list;
    search("seeds", list.body(),
           {.budget = Seconds(30), .executions = 300, .strategy = "random_walk"});
    const std::multiset<std::uint64_t> seeds = list.seeds();
    const std::set<std::uint64_t> own(seeds.begin(), seeds.end());
    EXPECT_EQ(own.size(), 300u);
    for (const std::uint64_t seed : own) EXPECT_TRUE(all.insert(seed).second);
  }
}

TEST_F(Workers, ThrowWhatTheirSearchThrows) {
  EXPECT_THROW(search("refused", add_in_three_threads, {.strategy = "guess", .workers = 2}),
               OptionError);
  const std::string folder = new_folder();
  for (const char* worker : {"0", "1"}) {
    std::ofstream(folder + "/refused.state." + worker, std::ios::binary) << "something else";
  }
  const std::string why = refusal(folder, [](Options& options) { options.workers = 2; });
  EXPECT_NE(why.find("is no state of a search"), std::string::npos) << why;
}

// Nobody would end them.
TEST_F(Workers, EndWithTheProcessThatMadeThem) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  struct Begun {
    std::atomic<int> count;
    pid_t ids[2];
  };
  void* const memory =
      mmap(nullptr, sizeof(Begun), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  Begun& begun = *static_cast<Begun*>(memory);
  const pid_t parent = fork();
  if (parent == 0) {
    search("for long",
           [&](weft::Run& run) {
             add_in_three_threads(run);
             const explore::Outside outside;
             if (run.execution() != 1) return;
             begun.ids[begun.count.fetch_add(1) % 2] = getpid();
             if (write(ends[1], "b", 1) != 1) abort();
           },
           {.budget = Seconds(100), .strategy = "random_walk", .workers = 2});
    _exit(0);
  }
  close(ends[1]);
  char buffer[2];
  for (std::size_t told = 0; told < 2;) {
    const ssize_t size = read(ends[0], buffer, sizeof buffer);
    ASSERT_GT(size, 0);
    told += static_cast<std::size_t>(size);
  }
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  // Its end is reached when nobody is left who could write to it.
  pollfd end = {ends[0], POLLIN, 0};
  constexpr int kMilliseconds = 20'000;
  const bool ended = poll(&end, 1, kMilliseconds) == 1;
  EXPECT_TRUE(ended);
  for (const pid_t id : begun.ids) {
    if (!ended) kill(id, SIGKILL);
  }
  close(ends[0]);
  munmap(memory, sizeof(Begun));
}

TEST_F(Workers, HoldWhenTheSystematicOneHasRunAll) {
  const Report report = search("tiny",
                               [](weft::Run& run) {
                                 std::atomic<int> count{0};
                                 run.thread([&] { count.fetch_add(1); });
                                 run.thread([&] { count.fetch_add(1); });
                                 run.join();
                                 run.require(count == 2, "two additions make two");
                               },
                               {.budget = Seconds(30), .workers = 2});
  EXPECT_EQ(report.verdict, Verdict::kHolds) << report.summary();
  EXPECT_NE(report.summary().find("every schedule: sequentially consistent"), std::string::npos)
      << report.summary();
}

}  // namespace
}  // namespace weft::internal
