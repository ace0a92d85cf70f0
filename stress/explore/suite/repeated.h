// One execution of a specimen at a time, by the runtime's own interface: what weft::check does in
// bulk, with all that an execution came to for tests to compare.
//
// Thread safety: as stress/explore/explore.h.
// Invariants:     (I1) while a Session lives, faults and std::terminate() end an execution.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "stress/explore/explore.h"
#include "stress/explore/strategy.h"
#include "stress/explore/suite/specimen.h"

namespace weft::suite {

// By name: all whose executions may not differ.
std::vector<const Specimen*> repeatable();

class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  std::terminate_handler before_;
};

// What an execution came to.
struct Trial {
  explore::Finding finding = explore::Finding::kNone;
  std::string text;  // of the finding, then of each property that was false
  std::uint64_t digest = 0;
  std::uint64_t steps = 0;
  std::vector<std::uint16_t> decisions;

  bool operator==(const Trial&) const = default;
};
std::string to_string(const Trial& trial);

Trial execute(const Specimen& specimen, explore::Strategy& strategy, std::uint64_t seed,
              bool record = false, bool races = true);
// The steps of the last execution, if it was recorded, one a line.
std::string steps_text();
// Follows the decisions of an earlier one.
Trial replay(const Specimen& specimen, const std::vector<std::uint16_t>& decisions,
             std::uint64_t seed, bool record = false, bool races = true);

}  // namespace weft::suite
