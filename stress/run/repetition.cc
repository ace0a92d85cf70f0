#include "stress/run/repetition.h"

#include "stress/explore/explore.h"

namespace weft::internal {

explore::Schedule schedule_of_last(std::uint64_t seed) {
  explore::Schedule schedule;
  schedule.seed = seed;
  schedule.digest = static_cast<std::uint32_t>(explore::trace_digest());
  for (unsigned i = 0; i < explore::decision_count(); ++i) {
    schedule.decisions.push_back(explore::decision(i));
  }
  return schedule;
}

explore::Replay& replay_of(const explore::Schedule& schedule) {
  static explore::Replay replay;
  replay.clear();
  for (const std::uint16_t decision : schedule.decisions) replay.add(decision);
  return replay;
}

bool last_was(const explore::Schedule& schedule) {
  return static_cast<std::uint32_t>(explore::trace_digest()) == schedule.digest;
}

}  // namespace weft::internal
