#include "benchmarks/machine/facts.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

namespace weft::machine {
namespace {

constexpr const char* kUnknown = "unknown";

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string or_unknown(std::string text) { return text.empty() ? kUnknown : text; }

struct Cpu {
  std::string model;
  bool virtual_machine = false;
};

Cpu cpu(const std::string& root) {
  Cpu found;
  std::ifstream file(root + "/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name")) found.model = line.substr(colon + 2);
    if (line.starts_with("flags")) {
      found.virtual_machine = (line + " ").find(" hypervisor ") != std::string::npos;
    }
  }
  return found;
}

int allowed_cpus() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::string kernel() {
  utsname name{};
  if (uname(&name) != 0) return kUnknown;
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

std::string smt(const std::string& root) {
  const std::string active = first_line(root + "/sys/devices/system/cpu/smt/active");
  if (active == "1") return "on";
  if (active == "0") return "off";
  return kUnknown;
}

std::string quota(const std::string& root) {
  std::istringstream words(first_line(root + "/sys/fs/cgroup/cpu.max"));
  double allowed = 0;
  double period = 0;
  if (!(words >> allowed >> period) || period <= 0) return "none";
  std::ostringstream text;
  text << allowed / period << " processors";
  return text.str();
}

// Assertions, optimization and instrumentation as this file was compiled: a build applies its flags
// to all of a program.
std::string build() {
  std::string text;
#ifdef __OPTIMIZE__
  text += "optimized";
#else
  text += "not optimized";
#endif
#ifdef NDEBUG
  text += ", without assertions";
#else
  text += ", with assertions";
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  text += ", with a sanitizer";
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
  text += ", with a sanitizer";
#endif
#endif
#ifdef __AVX2__
  text += ", AVX2";
#endif
  return text;
}

std::string compiler() {
#ifdef __clang__
  return __VERSION__;  // names itself
#else
  return std::string("GCC ") + __VERSION__;
#endif
}

void warn(Facts& facts, const std::string& load, const std::string& governor, int cpus) {
  std::istringstream words(load);
  double one_minute = 0;
  if (words >> one_minute && one_minute > 0.3 * cpus) {
    facts.warnings.push_back("the machine is loaded: its load average is " + load.substr(0, 4) +
                             " on " + std::to_string(cpus) + " processors");
  }
  if (governor != kUnknown && governor != "performance") {
    facts.warnings.push_back("the frequency governor is " + governor + ", not performance");
  }
  if (cpus < 2) facts.warnings.push_back("one processor: no two threads run at the same time");
  const std::string_view built = facts.value("build");
  if (built.find("not optimized") != built.npos || built.find("with assertions") != built.npos ||
      built.find("sanitizer") != built.npos) {
    facts.warnings.push_back("this is no release build: " + std::string(built));
  }
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double own_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

// The columns of /proc/stat: user nice system idle iowait irq softirq steal. The guests' time that
// follows is part of the user's.
double busy_seconds(const std::string& root) {
  std::istringstream words(first_line(root + "/proc/stat"));
  std::string name;
  std::array<double, 8> ticks{};
  words >> name;
  for (double& each : ticks) words >> each;
  if (!words) return -1;
  double sum = 0;
  for (const int column : {0, 1, 2, 5, 6, 7}) sum += ticks[column];
  return sum / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

std::string_view Facts::value(std::string_view key) const {
  const auto found = std::ranges::find(all, key, &Fact::key);
  return found == all.end() ? std::string_view() : std::string_view(found->value);
}

Facts gather(const std::string& root) {
  const Cpu processor = cpu(root);
  const int cpus = allowed_cpus();
  const std::string governor =
      or_unknown(first_line(root + "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  const std::string load = or_unknown(first_line(root + "/proc/loadavg"));
  Facts facts;
  facts.all = {
      {"cpu", or_unknown(processor.model)},
      {"processors", std::to_string(cpus)},
      {"processor_quota", quota(root)},
      {"virtual_machine", processor.virtual_machine ? "yes" : "no"},
      {"smt", smt(root)},
      {"governor", governor},
      {"kernel", kernel()},
      {"compiler", compiler()},
      {"build", build()},
      {"load", load},
  };
  warn(facts, load, governor, cpus);
  return facts;
}

Interference::Interference(std::string root) : root_(std::move(root)), start_(now()) {}

Interference::Moment Interference::now() const {
  return {busy_seconds(root_), own_seconds(), std::chrono::steady_clock::now()};
}

double Interference::share() const {
  const Moment end = now();
  if (start_.busy_seconds < 0 || end.busy_seconds < 0) return -1;
  const double wall = std::chrono::duration<double>(end.when - start_.when).count();
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (wall <= 0 || processors <= 0) return 0;
  const double others =
      (end.busy_seconds - start_.busy_seconds) - (end.own_seconds - start_.own_seconds);
  return std::clamp(others / (wall * static_cast<double>(processors)), 0.0, 1.0);
}

}  // namespace weft::machine
