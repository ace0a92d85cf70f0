#include "stress/run/simplification.h"

#include <cstdint>

namespace weft::internal {

std::string simplification(const report::Original& original) {
  const auto of = [](std::uint64_t switches, std::uint64_t preemptions) {
    return std::to_string(switches) + (switches == 1 ? " switch, " : " switches, ") +
           std::to_string(preemptions) + " of them preemptions";
  };
  return "simplified: " + of(original.simpler_switches, original.simpler_preemptions) +
         "; as found: " + of(original.switches, original.preemptions);
}

}  // namespace weft::internal
