#include "stress/linearize/merge.h"

namespace weft::linearize::internal {
namespace {

class Merge {
 public:
  Merge(const Calls& calls, const std::vector<std::vector<std::uint32_t>>& parts)
      : calls_(calls),
        parts_(parts),
        part_of_(calls.size(), kNone),
        next_(parts.size(), 0),
        steps_(calls.size(), 0),
        passed_(calls.threads(), 0) {
    for (std::size_t part = 0; part < parts.size(); ++part) {
      for (const std::uint32_t call : parts[part]) {
        part_of_[call] = part;
        ++steps_[call];
        ++left_;
      }
    }
  }

  std::optional<std::vector<std::uint32_t>> run() {
    for (bool moved = true; moved && left_ > 0;) {
      moved = false;
      for (unsigned thread = 0; thread < calls_.threads(); ++thread) {
        while (take(thread)) moved = true;
      }
    }
    if (left_ > 0) return std::nullopt;
    return order_;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  bool take(unsigned thread) {
    if (passed_[thread] == calls_.count(thread)) return false;
    const std::uint32_t call = calls_.begin(thread) + passed_[thread];
    const std::size_t part = part_of_[call];
    if (part == kNone) return false;  // it took no effect
    if (next_[part] == parts_[part].size() || parts_[part][next_[part]] != call) return false;
    for (unsigned other = 0; other < calls_.threads(); ++other) {
      if (passed_[other] < calls_.required(call)[other]) return false;
    }
    order_.push_back(call);
    ++next_[part];
    --left_;
    if (--steps_[call] == 0) ++passed_[thread];
    return true;
  }

  const Calls& calls_;
  const std::vector<std::vector<std::uint32_t>>& parts_;
  std::vector<std::size_t> part_of_;  // of each call
  std::vector<std::size_t> next_;     // of each part
  std::vector<std::uint32_t> steps_;  // of each call, that are left
  std::vector<std::uint32_t> passed_;
  std::size_t left_ = 0;
  std::vector<std::uint32_t> order_;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> merged(
    const Calls& calls, const std::vector<std::vector<std::uint32_t>>& parts) {
  return Merge(calls, parts).run();
}

}  // namespace weft::linearize::internal
