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
#include <utility>
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

Result tour(const TourOptions& options, Progress& progress) {
  Result result;
  result.date = now_in_utc();
  result.facts = machine::gather();
  const machine::Interference interference;
  const auto start = std::chrono::steady_clock::now();
  if (options.wants("scenarios")) result.parts.push_back(scenarios_part(progress));
  if (options.wants("checks")) result.parts.push_back(checks_part(progress, options.seconds));
  if (options.wants("specimens")) result.parts.push_back(specimens_part(progress));
  if (options.wants("pool")) result.parts.push_back(pool_part(progress));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.interference = interference.share();
  return result;
}

void list(const TourOptions& options) {
  const std::pair<std::string_view, std::vector<std::string>> parts[] = {
      {"scenarios", scenario_names()},
      {"checks", check_names()},
      {"specimens", specimen_names()},
      {"pool", pool_names()},
  };
  for (const auto& [part, names] : parts) {
    if (!options.wants(part)) continue;
    for (const std::string& name : names) std::printf("%s: %s\n", part.data(), name.c_str());
  }
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
  if (options.list) {
    list(options);
    return 0;
  }
  const std::string json = where_the_user_meant(options.json);
  const std::string html = where_the_user_meant(options.html);
  require_writable("--json", json);
  require_writable("--html", html);
  Progress progress(stdout, isatty(STDOUT_FILENO) != 0);
  const Result result = tour(options, progress);
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
