// A strategy that writes down what another one is asked and what it answers.
//
// The other one is this process's copy; the search asks its own the same questions afterwards, and
// so brings it to the same state, whatever it keeps between executions.
//
// Thread safety: as strategy.h.
#pragma once

#include "stress/explore/strategy.h"
#include "stress/program/channel.h"

namespace weft::program {

// The next bytes of the log.
char* append(Shared& shared, size_t bytes);

class Witness final : public explore::Strategy {
 public:
  Witness(explore::Strategy& strategy, Shared& shared, Entry& entry)
      : strategy_(strategy), shared_(shared), entry_(entry) {}

  const char* name() const override { return strategy_.name(); }
  bool begin(uint64_t seed) override { return strategy_.begin(seed); }
  explore::ThreadId choose(const explore::Candidates& candidates) override;
  unsigned choose_value(explore::Question question, unsigned n) override;
  void step(explore::ThreadId id, const explore::Operation& pending) override;
  bool wants_steps() const override { return strategy_.wants_steps(); }
  bool wants_one_program() const override { return strategy_.wants_one_program(); }

 private:
  explore::Strategy& strategy_;
  Shared& shared_;
  Entry& entry_;
};

}  // namespace weft::program
