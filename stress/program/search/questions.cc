#include "stress/program/search/questions.h"

#include <cstring>

namespace weft::program {
namespace {

using explore::Candidates;
using explore::Operation;
using explore::ThreadId;

class Log {
 public:
  Log(const Shared& shared, const Entry& entry)
      : at_(shared.log + entry.log_begin), left_(entry.asked) {}

  bool next() {
    if (left_ == 0) return false;
    --left_;
    take(&asked_, sizeof asked_);
    std::memset(candidates_.set.words, 0, sizeof candidates_.set.words);
    take(candidates_.set.words, asked_.words * sizeof(std::uint64_t));
    for (std::uint32_t i = 0; i < asked_.operations; ++i) {
      Told told;
      take(&told, sizeof told);
      operations_[told.id] = told.operation;
      pending_[told.id] = &operations_[told.id];
    }
    candidates_.words = asked_.words;
    candidates_.count = asked_.count;
    candidates_.current = asked_.current;
    candidates_.current_may = asked_.current_may;
    candidates_.pending = pending_;
    return true;
  }

  const Asked& asked() const { return asked_; }
  const Candidates& candidates() const { return candidates_; }
  const Operation& operation(ThreadId id) const { return operations_[id]; }

 private:
  void take(void* to, std::size_t bytes) {
    std::memcpy(to, at_, bytes);
    at_ += bytes;
  }

  const char* at_;
  std::uint64_t left_;
  Asked asked_ = {};
  Candidates candidates_;
  // Strategies may keep the addresses of what they were shown.
  static inline Operation operations_[explore::kMaxThreads];
  static inline const Operation* pending_[explore::kMaxThreads];
};

}  // namespace

const char* ask_again(const Shared& shared, const Entry& entry, explore::Strategy& strategy,
                      std::uint64_t seed, std::vector<Decided>& decisions) {
  decisions.clear();
  if (!strategy.begin(seed)) return entry.asked == 0 ? nullptr : "does not begin again";
  for (Log log(shared, entry); log.next();) {
    const Asked& asked = log.asked();
    switch (asked.what) {
      case Asked::What::kStep:
        strategy.step(asked.current, log.operation(asked.current));
        continue;
      case Asked::What::kChoose:
        if (strategy.choose(log.candidates()) != asked.answer) return "chose another thread";
        if (asked.answer == explore::kNobody) continue;
        break;
      case Asked::What::kValue:
        if (strategy.choose_value(asked.question, asked.count) != asked.answer) {
          return "gave another answer";
        }
        break;
    }
    decisions.push_back({asked.index, asked.count});
  }
  return nullptr;
}

std::uint64_t digest_of(const Shared& shared, const Entry& entry) {
  std::uint64_t digest = 0xcbf2'9ce4'8422'2325u;  // FNV-1a
  for (Log log(shared, entry); log.next();) {
    digest =
        (digest ^ (log.asked().answer | std::uint64_t{log.asked().count} << 16)) * 0x100'0000'01b3u;
  }
  return digest;
}

}  // namespace weft::program
