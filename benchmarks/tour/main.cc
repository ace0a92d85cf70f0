// The tour: everything that Weft does, once, in less than a minute.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/machine/facts.h"
#include "benchmarks/tour/html.h"
#include "benchmarks/tour/json.h"
#include "benchmarks/tour/options.h"
#include "benchmarks/tour/parts.h"
#include "benchmarks/tour/text.h"
#include "stress/run/options.h"
#include "stress/run/process.h"

namespace weft::tour {
namespace {

constexpr int kExitUnexpected = 1;
constexpr int kExitUsage = 2;

std::string now_in_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

[[noreturn]] void refuse(const std::string& option, const std::string& file) {
  throw UsageError(option + ": cannot write " + file + ": is its folder there, and yours?");
}

// Before the tour, so that a minute's work is not lost on a wrong name.
void require_writable(const std::string& option, const std::string& file) {
  if (!file.empty() && !std::ofstream(file, std::ios::app)) refuse(option, file);
}

void write(const std::string& option, const std::string& file, const std::string& text) {
  if (file.empty()) return;
  std::ofstream stream(file, std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) refuse(option, file);
  std::printf("%s written.\n", file.c_str());
}

// What is to run: names of rows, by part.
struct Plan {
  std::vector<std::string> scenarios;
  std::vector<std::string> checks;
  std::vector<std::string> specimens;
  std::vector<std::string> pool;

  bool empty() const {
    return scenarios.empty() && checks.empty() && specimens.empty() && pool.empty();
  }
};

Plan plan_of(const TourOptions& options) {
  const auto wanted = [&](std::string_view part, std::vector<std::string> (*names)()) {
    return options.wants(part) ? options.wanted(names()) : std::vector<std::string>();
  };
  Plan plan{wanted("scenarios", scenario_names), wanted("checks", check_names),
            wanted("specimens", specimen_names), wanted("pool", pool_names)};
  if (plan.empty()) throw UsageError("no row has such a name; --list says the names");
  return plan;
}

void list(const Plan& plan) {
  const auto say = [](const char* part, const std::vector<std::string>& names) {
    for (const std::string& name : names) std::printf("%s: %s\n", part, name.c_str());
  };
  say("scenarios", plan.scenarios);
  say("checks", plan.checks);
  say("specimens", plan.specimens);
  say("pool", plan.pool);
}

Result tour(const Plan& plan, double seconds, Progress& progress) {
  Result result;
  result.date = now_in_utc();
  result.facts = machine::gather();
  const machine::Interference interference;
  const auto start = std::chrono::steady_clock::now();
  auto& parts = result.parts;
  if (!plan.scenarios.empty()) parts.push_back(scenarios_part(progress, plan.scenarios));
  if (!plan.checks.empty()) parts.push_back(checks_part(progress, plan.checks, seconds));
  if (!plan.specimens.empty()) parts.push_back(specimens_part(progress, plan.specimens));
  if (!plan.pool.empty()) parts.push_back(pool_part(progress, plan.pool));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.interference = interference.share();
  return result;
}

void say_how_it_went(const Result& result) {
  std::printf("\n%s", text_table(summary(result)).c_str());
  for (const std::string& warning : result.facts.warnings) {
    std::printf("Do not trust the throughput: %s.\n", warning.c_str());
  }
  if (result.interference > machine::kDisturbed) {
    std::printf("Do not trust the throughput: others took %.0f %% of the machine meanwhile.\n",
                100 * result.interference);
  }
  for (const Part& part : result.parts) {
    for (const Row& row : part.rows) {
      if (!row.as_expected) {
        std::printf("\nNot as expected:\n%s\n%s", text_line(part, row).c_str(),
                    row.details.c_str());
      }
    }
  }
  std::printf("\n%s in %.1f s.\n",
              result.as_expected() ? "All as expected," : "NOT all as expected,", result.seconds);
}

int run(std::span<const char* const> arguments) {
  const TourOptions options = parse(arguments);
  if (options.help) {
    std::fputs(usage().c_str(), stdout);
    return 0;
  }
  const Plan plan = plan_of(options);
  if (options.list) {
    list(plan);
    return 0;
  }
  const std::string json = where_the_user_meant(options.json);
  const std::string html = where_the_user_meant(options.html);
  require_writable("--json", json);
  require_writable("--html", html);
  Progress progress(stdout, isatty(STDOUT_FILENO) != 0);
  const Result result = tour(plan, options.seconds, progress);
  say_how_it_went(result);
  write("--json", json, to_json(result));
  write("--html", html, to_html(result));
  return result.as_expected() ? 0 : kExitUnexpected;
}

int run_or_explain(int argc, char** argv) {
  try {
    take_flags(&argc, argv);
    return run({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    std::fprintf(stderr, "tour: %s.\n\n%s", error.what(), usage().c_str());
  } catch (const OptionError& error) {
    std::fprintf(stderr, "tour: %s\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tour: %s\n", error.what());
    return kExitUnexpected;
  }
  return kExitUsage;
}

}  // namespace
}  // namespace weft::tour

int main(int argc, char** argv) { weft::leave(weft::tour::run_or_explain(argc, argv)); }
