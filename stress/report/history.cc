#include "stress/report/history.h"

#include <algorithm>
#include <cstddef>

namespace weft::report {
namespace {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Control characters of arguments would break the table.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

std::string result_of(const HistoryCall& call) {
  std::string text = call.result.empty() ? "" : " -> " + call.result;
  if (call.order) text += "  #" + std::to_string(*call.order);
  return text;
}

// A call that nothing of other threads comes in between is one row.
void place(const HistoryCall& call, std::vector<std::string>& column) {
  if (call.finish == call.begin) {
    column[call.begin] = call.text + result_of(call);
    return;
  }
  column[call.begin] = "[ " + call.text;
  const auto end =
      static_cast<std::ptrdiff_t>(call.finish.value_or(static_cast<unsigned>(column.size() - 1)));
  for (auto row = static_cast<std::ptrdiff_t>(call.begin) + 1; row < end; ++row) {
    column[static_cast<std::size_t>(row)] = "|";
  }
  if (call.finish) {
    column[*call.finish] = "]" + result_of(call);
  } else if (call.end == CallEnd::kBlocked) {
    column[static_cast<std::size_t>(end)] = "| waits for ever";
  } else {
    column[static_cast<std::size_t>(end)] = "| has not returned";
  }
}

}  // namespace

std::string history_text(const History& history) {
  std::vector<std::vector<std::string>> columns(history.lanes.size(),
                                                std::vector<std::string>(history.rows + 1));
  for (const HistoryCall& call : history.calls) place(call, columns[call.lane]);
  std::string text;
  for (int row = -1; row < static_cast<int>(history.rows) + 1; ++row) {
    std::string line;
    for (std::size_t lane = 0; lane < columns.size(); ++lane) {
      std::size_t width = width_of(history.lanes[lane]);
      for (const std::string& cell : columns[lane]) width = std::max(width, width_of(cell));
      const std::string& cell =
          row < 0 ? history.lanes[lane] : columns[lane][static_cast<std::size_t>(row)];
      line +=
          (lane == 0 ? "  " : " | ") + printable(cell) + std::string(width - width_of(cell), ' ');
    }
    const std::size_t end = line.find_last_not_of(' ');
    const bool is_empty = line.find_first_not_of(" |") == line.npos;
    if (!is_empty) text += line.substr(0, end + 1) + "\n";
  }
  const auto ordered =
      std::count_if(history.calls.begin(), history.calls.end(),
                    [](const HistoryCall& call) { return call.order.has_value(); });
  text += ordered == 0 ? "  The model begins as "
                       : "  The model allows the calls with a number, in that order; it is then ";
  text += printable(history.state) + ". What is left fits nowhere:\n";
  for (const HistoryCall& call : history.calls) {
    if (call.refusal.empty()) continue;
    text += "    " + history.lanes[call.lane] + ", " + printable(call.text) +
            (call.result.empty() ? "" : " -> " + printable(call.result)) + ": " +
            printable(call.refusal) + "\n";
  }
  return text;
}

}  // namespace weft::report
