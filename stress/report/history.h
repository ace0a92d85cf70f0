// What the calls of a violated history were, as it is shown: in a Finding, and as text.
//
// Thread safety: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weft::report {

enum class CallEnd { kReturned, kPending, kBlocked };

struct HistoryCall {
  unsigned lane = 0;
  std::string text = {};    // "push(3)"
  std::string result = {};  // "true"; empty if it has none to be shown
  CallEnd end = CallEnd::kReturned;
  // Rows of the timeline: it begins in the one, and ends in the other, or does not.
  unsigned begin = 0;
  std::optional<unsigned> finish = {};
  // Its place in the order that the model allows, from 1; nothing: it is not in it.
  std::optional<unsigned> order = {};
  std::string refusal = {};  // why it cannot come next

  bool operator==(const HistoryCall&) const = default;
};

struct History {
  std::vector<std::string> lanes = {};
  unsigned rows = 0;
  std::vector<HistoryCall> calls = {};  // by lane, in the order of each
  std::string state = {};               // the model's, after the calls that are in order

  bool operator==(const History&) const = default;
};

// As a table and sentences; ends with a newline.
std::string history_text(const History& history);

}  // namespace weft::report
