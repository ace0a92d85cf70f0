// Transcript: what a scenario prints, line by line, in the order in which the lines were said.
//
// A line is whole: two threads never tear each other's. A live transcript also writes each line to
// the standard output as it comes, for a person who runs the program.
//
// Thread safety: every function from any thread.
// Invariant: the order of lines() agrees with happens-before: a line said after another thread's
// line was seen comes after it.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "primitives/threading/lock.h"

namespace weft::scenarios {

using Lines = std::vector<std::string>;

class Transcript {
 public:
  enum class Echo { kSilent, kLive };

  explicit Transcript(Echo echo = Echo::kSilent) : echo_(echo) {}

  void say(std::string line);
  // For what the example does not print: says a line of its own, which no judge allows, if `holds`
  // is false, and nothing otherwise.
  void claim(bool holds, std::string_view sentence) {
    if (!holds) say(std::string(kBroken).append(sentence));
  }
  static constexpr std::string_view kBroken = "broken: ";

  // A copy; complete once the threads that speak have been joined.
  Lines lines() const {
    std::scoped_lock hold(lock_);
    return lines_;
  }

 private:
  const Echo echo_;
  mutable Lock lock_;
  Lines lines_;  // guarded by lock_
};

}  // namespace weft::scenarios
