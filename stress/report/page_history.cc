// The history of calls on a finding's page: a column for each thread, in which a call stands from
// the row of its beginning to that of its end.
#include <algorithm>
#include <string>
#include <vector>

#include "stress/report/html.h"
#include "stress/report/page_parts.h"

namespace weft::report {
namespace {

std::string cell_of(const HistoryCall& call) {
  std::string out = "<code>" + html(call.text) + "</code>";
  if (call.end == CallEnd::kBlocked) out += " waits for ever";
  if (call.end == CallEnd::kPending) out += " has not returned";
  if (!call.result.empty()) out += " &rarr; <code>" + html(call.result) + "</code>";
  if (call.order) out += " <strong>#" + std::to_string(*call.order) + "</strong>";
  if (!call.refusal.empty()) out += "<br><em>" + html(call.refusal) + "</em>";
  return out;
}

}  // namespace

std::string page_history(const Finding& finding) {
  if (!finding.history) return "";
  const History& history = *finding.history;
  std::string out =
      "<section id=\"history\"><h2>The calls</h2>\n<p>A call stands from its beginning to its end. "
      "The model allows those with a number, in that order; it is then <code>" +
      html(history.state) +
      "</code>. What is left fits nowhere.</p>\n"
      "<div class=\"scroll\"><table class=\"facts calls\"><thead><tr>";
  for (const std::string& lane : history.lanes) out += "<th><bdi>" + html(lane) + "</bdi></th>";
  out += "</tr></thead><tbody>\n";
  std::vector<unsigned> free_from(history.lanes.size(), 0);
  for (unsigned row = 0; row < history.rows; ++row) {
    out += "<tr>";
    for (unsigned lane = 0; lane < history.lanes.size(); ++lane) {
      if (row < free_from[lane]) continue;
      const auto call = std::find_if(
          history.calls.begin(), history.calls.end(),
          [&](const HistoryCall& each) { return each.lane == lane && each.begin == row; });
      if (call == history.calls.end()) {
        out += "<td></td>";
        continue;
      }
      free_from[lane] = call->finish.value_or(history.rows - 1) + 1;
      out += "<td class=\"call" + std::string(call->order ? "" : " left") + "\" rowspan=\"" +
             std::to_string(free_from[lane] - row) + "\">" + cell_of(*call) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div></section>\n";
}

}  // namespace weft::report
