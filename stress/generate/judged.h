// Judges the histories of one program: each that is different once.
//
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"
#include "stress/linearize/judge.h"
#include "stress/report/history.h"

namespace weft::generate {

class Judged {
 public:
  // Both must outlive it.
  Judged(const Vocabulary& vocabulary, const Program& program)
      : vocabulary_(vocabulary), program_(program), judge_(*vocabulary.specification) {}

  // What is wrong with it, if anything is.
  std::optional<report::History> objection(const History& history);

  std::uint64_t histories() const { return histories_; }
  std::uint64_t distinct() const { return known_.size(); }
  std::uint64_t undecided() const { return undecided_; }

 private:
  const Vocabulary& vocabulary_;
  const Program& program_;
  linearize::Judge judge_;
  // Those that are right, written out, so that no two are ever taken for one.
  std::unordered_set<std::string> known_;
  std::uint64_t histories_ = 0;
  std::uint64_t undecided_ = 0;
};

}  // namespace weft::generate
