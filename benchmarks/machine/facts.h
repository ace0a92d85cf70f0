// What a figure depends on and a reader cannot see: the machine, its kernel, the build, the load.
//
// Thread safety: functions may be called from any thread; Interference belongs to one.
// Non-invariants: the load is that of the moment; Interference says what it was over a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::machine {

struct Fact {
  std::string key;  // "cpu", "kernel", ...: the same on every machine
  std::string value;
};

struct Facts {
  std::vector<Fact> all;
  // Sentences, each a reason not to trust a figure taken here and now. Empty on a quiet machine.
  std::vector<std::string> warnings;

  // Empty if there is no such fact.
  std::string_view value(std::string_view key) const;
};

// `root` stands before /proc and /sys, for tests. What cannot be read is "unknown", never missing.
Facts gather(const std::string& root = "");

// How much of the machine's processor time others took: other processes, and other guests of the
// host.
class Interference {
 public:
  explicit Interference(std::string root = "");
  // Since construction, 0 to 1; negative where /proc/stat cannot be read.
  double share() const;

 private:
  struct Moment {
    double busy_seconds;  // of all processors, in any process; negative if unknown
    double own_seconds;   // of this process and the children it has waited for
    std::chrono::steady_clock::time_point when;
  };
  Moment now() const;

  const std::string root_;
  const Moment start_;
};

// Above it a figure is called disturbed.
inline constexpr double kDisturbed = 0.06;

}  // namespace weft::machine
