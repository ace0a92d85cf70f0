#include "stress/run/saved_search.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>

#include "stress/explore/explore.h"
#include "stress/report/files.h"

namespace weft::internal {
namespace {

using Clock = std::chrono::steady_clock;

// Often enough to lose little, seldom enough that saving costs little: some seconds' work.
constexpr std::uint64_t kExecutions = 50'000;
constexpr std::uint64_t kSteps = 20'000'000;

// `bazel run` starts programs among their runfiles, and says where it was called.
std::string folder_from(const std::string& given) {
  const char* caller = std::getenv("BUILD_WORKING_DIRECTORY");
  if (given.empty() || given.front() == '/' || caller == nullptr) return given;
  return std::string(caller) + "/" + given;
}

}  // namespace

Options resolved_for_campaign(const Options& in_code, Defaults defaults) {
  Options options = resolved(in_code, defaults);
  if (options.campaign.empty()) return options;
  defaults.budget = std::max(defaults.budget, Seconds(600));
  defaults.executions = ~std::uint64_t{0};
  defaults.workers = std::max(1u, std::thread::hardware_concurrency());
  if (!in_code.minimise && defaults.minimise > Seconds(0)) defaults.minimise = Seconds(5);
  // What the code says is for every day.
  Options every_day = in_code;
  every_day.budget.reset();
  every_day.executions.reset();
  options = resolved(every_day, defaults);
  options.campaign = folder_from(options.campaign);
  std::error_code error;
  std::filesystem::create_directories(options.campaign, error);
  if (error) {
    throw OptionError("WEFT_CAMPAIGN=" + options.campaign +
                      ": this folder cannot be made: " + error.message());
  }
  return options;
}

SavedSearch::SavedSearch(ExploredSearch& search, Strategies& strategies, std::uint64_t& program)
    : search_(search), strategies_(strategies), program_(program), told_(Clock::now()) {
  const Options& options = search.options;
  if (options.campaign.empty()) return;
  const Share worker = search.worker;
  path_ = options.campaign + "/" + report::as_file_name(search.name) + ".state";
  if (worker.total > 1) path_ += "." + std::to_string(worker.index);
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  checkpoint_.search = {
      {"test", search.name},
      {"program (its digest)", program_digest()},
      {"strategy", options.strategy},
      {"seed", number(options.seed)},
      {"limit of steps", number(options.steps)},
      {"limit of spurious wake-ups", number(options.spurious)},
      {"choice of plain accesses", number(options.plain_points)},
      {"patience", number(options.patient)},
      {"search for data races", number(options.races)},
      {"look at the order of locks", number(options.lock_order)},
      {"search for leaks", number(options.leaks)},
      {"number of shards", number(share_of_shard().total)},
      {"number of workers", number(worker.total)},
  };
}

std::uint64_t SavedSearch::go_on() {
  if (path_.empty()) return 0;
  const auto loaded = load(path_, checkpoint_.search);
  if (!loaded) return 0;
  strategies_.go_on_from(loaded->strategies);
  program_ = loaded->program;
  search_.drew_random = loaded->drew_random;
  search_.digests.insert(loaded->digests.begin(), loaded->digests.end());
  const std::size_t words =
      std::min<std::size_t>(loaded->conflicts.size(), explore::kConflictWords);
  std::copy_n(loaded->conflicts.begin(), words, explore::conflicts());
  seconds_before_ = loaded->seconds;
  search_.report.executions = loaded->executions;
  if (search_.progress != nullptr) {
    search_.progress->ran(loaded->executions);
    for (const std::uint64_t digest : loaded->digests) search_.progress->saw(digest);
  }
  std::fprintf(stderr, "weft: %s goes on after %llu executions (%.0f s)\n", search_.name.c_str(),
               static_cast<unsigned long long>(loaded->executions), loaded->seconds);
  return loaded->executions;
}

void SavedSearch::ran(std::uint64_t executions) {
  if (path_.empty()) return;
  steps_ += explore::counters().steps;
  if (++executions_ < kExecutions && steps_ < kSteps) return;
  save_now(executions);
}

void SavedSearch::save_now(std::uint64_t executions) {
  executions_ = steps_ = 0;
  strategies_.forget();
  checkpoint_.executions = executions;
  checkpoint_.seconds = seconds_before_ + Seconds(Clock::now() - search_.begin).count();
  checkpoint_.program = program_;
  checkpoint_.drew_random = search_.drew_random;
  checkpoint_.strategies = strategies_.state();
  checkpoint_.conflicts.assign(explore::conflicts(),
                               explore::conflicts() + explore::kConflictWords);
  checkpoint_.digests.assign(search_.digests.begin(), search_.digests.end());
  save(checkpoint_, path_);
  if (search_.worker.index != 0 || Clock::now() - told_ < std::chrono::seconds(10)) return;
  told_ = Clock::now();
  std::fprintf(stderr, "weft: %s: %llu executions, %zu interleavings; %s\n", search_.name.c_str(),
               static_cast<unsigned long long>(executions), search_.digests.size(),
               strategies_.weights().c_str());
}

}  // namespace weft::internal
