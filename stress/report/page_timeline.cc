#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "stress/report/html.h"
#include "stress/report/page_parts.h"
#include "stress/report/timeline.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

// --- Lanes -------------------------------------------------------------------

// Where in its lane a lock that a thread holds is drawn: beside those that it held before.
class Slots {
 public:
  explicit Slots(const std::vector<Moment>& moments) {
    for (const Moment& moment : moments) {
      for (const Hold& hold : moment.holds) {
        auto& own = slots_[hold.thread];
        own.try_emplace(hold.object, static_cast<unsigned>(own.size()));
      }
    }
  }
  unsigned of(const Hold& hold) const { return slots_.at(hold.thread).at(hold.object); }
  std::size_t count(unsigned thread) const {
    const auto found = slots_.find(thread);
    return found == slots_.end() ? 0 : found->second.size();
  }

 private:
  std::map<unsigned, std::map<unsigned, unsigned>> slots_;
};

std::vector<unsigned> shown_threads(const std::vector<Moment>& moments) {
  std::vector<unsigned> threads;
  for (const Moment& moment : moments) threads.push_back(moment.row.thread);
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  return threads;
}

struct Around {
  const Moment* before = nullptr;  // the row above, if it is shown
  const Moment* after = nullptr;   // the row below
};

// The line from the lane of the row above to this row's: what crosses each lane.
std::string turn_class(unsigned lane, unsigned from, unsigned to) {
  if (from == to || lane < std::min(from, to) || lane > std::max(from, to)) return "";
  if (lane == to) return from < to ? " turn-in-left" : " turn-in-right";
  if (lane == from) return from < to ? " turn-out-right" : " turn-out-left";
  return " turn-over";
}

std::string bars_of(const Finding& finding, const Moment& moment, unsigned thread,
                    const Slots& slots) {
  std::string out;
  for (const Hold& hold : moment.holds) {
    if (hold.thread != thread) continue;
    out += "<i class=\"bar " + lock_class(hold.object) + (hold.before ? " before" : "") +
           (hold.after ? " after" : "") + "\" style=\"--slot:" + std::to_string(slots.of(hold)) +
           "\" title=\"" +
           html(finding.threads[thread].name + " holds " + object_text(hold.object, finding)) +
           "\"></i>";
  }
  return out;
}

// --- What a row says ---------------------------------------------------------

std::string chip(const std::string& kind, const std::string& content) {
  return " <span class=\"chip " + kind + "\">" + content + "</span>";
}

std::string step_link(std::size_t step) {
  const std::string number = std::to_string(step);
  return "<a href=\"#s" + number + "\">step " + number + "</a>";
}

std::string chips_of(const Finding& finding, const Moment& moment, const Around& around) {
  std::string out;
  for (const std::string& mark : moment.row.marks) {
    const char* kind = mark.starts_with("waits")                        ? "waits"
                       : mark.starts_with("then: ") || mark == "misuse" ? "bad"
                                                                        : "note";
    out += chip(kind, html(mark));
  }
  if (moment.woken_by) {
    const Step& step = finding.steps[*moment.woken_by];
    out += chip("woken", "woken by " + thread_label(finding, step.thread) + ", " +
                             step_link(*moment.woken_by));
  }
  if (around.after != nullptr && around.after->row.preempted) out += chip("pre", "preempted");
  return out;
}

// It needs no list of its steps, and has their id itself.
bool is_one_step(const Moment& moment) {
  return moment.end - moment.begin == 1 && moment.begin == moment.row.step;
}

std::string step_item(const Finding& finding, std::size_t number) {
  const Step& step = finding.steps[number];
  const Frame* const frame = step.stack.empty() ? nullptr : &finding.frames[step.stack.front()];
  std::string out = "<li value=\"" + std::to_string(number) + "\" id=\"s" + std::to_string(number) +
                    "\">" + thread_label(finding, step.thread) + " <code>" +
                    html(in_words(step, finding)) + "</code>";
  if (step.order == "seq_cst") out += " " + html(step.order);
  if (step.blocked) out += " <em>waits</em>";
  if (step.timed_out) out += " <em>time is up</em>";
  if (step.preempted) out += " <em>preempts</em>";
  if (frame != nullptr && !frame->file.empty()) {
    out += " <span class=\"file\">" + html(where(*frame)) + "</span>";
  }
  return out + "</li>\n";
}

std::string steps_list(const Finding& finding, const Moment& moment, std::size_t most) {
  if (moment.begin == moment.end || is_one_step(moment)) return "";
  std::string out = "<ol class=\"steps\">\n";
  const std::size_t count = moment.end - moment.begin;
  const Middle middle = middle_of(count, most);
  for (std::size_t i = 0; i < count; ++i) {
    if (middle.size() > 0 && i == middle.begin) {
      out += "<li class=\"gap\">" + std::to_string(middle.size()) +
             " steps are left out; finding.json has all</li>\n";
      i = middle.end;
    }
    out += step_item(finding, moment.begin + i);
  }
  return out + "</ol>\n";
}

// The stack at the row: of its first step, or of the thread if the step is still to come.
const std::vector<unsigned>& stack_of(const Finding& finding, const Row& row) {
  return row.step < finding.steps.size() ? finding.steps[row.step].stack
                                         : finding.threads[row.thread].stack;
}

std::string holds_text(const Finding& finding, const Moment& moment) {
  std::string held;
  for (const Hold& hold : moment.holds) {
    if (hold.thread != moment.row.thread || !hold.after) continue;
    held += (held.empty() ? "" : ", ") + object_label(finding, hold.object);
  }
  return held.empty() ? "" : "<p class=\"holds\">holds " + held + "</p>\n";
}

std::string cell_of(const Finding& finding, const Moment& moment, const Around& around,
                    const PageOptions& options) {
  return "<details><summary><span class=\"op\">" + html(moment.row.text) + "</span>" +
         chips_of(finding, moment, around) + "</summary>\n<div class=\"more\">" +
         holds_text(finding, moment) + stack_list(finding, stack_of(finding, moment.row)) +
         steps_list(finding, moment, options.steps) + "</div></details>";
}

std::string place_cell(const Row& row) {
  std::string out = "<td class=\"place " + thread_class(row.thread) + "\">";
  if (!row.where.empty()) out += "<span class=\"file\">" + html(row.where) + "</span>";
  if (!row.source.empty()) out += "<code class=\"line\">" + html(row.source) + "</code>";
  return out + "</td>";
}

bool is_violation(const Finding& finding, const Moment& moment) {
  const auto& marks = moment.row.marks;
  for (const std::string& mark : marks) {
    if (mark.starts_with("then: ") || mark == "misuse") return true;
  }
  const std::size_t step = moment.row.step;
  return step < finding.steps.size() && finding.steps[step].operation == "violation";
}

constexpr const char* kLives[] = {"absent", "runs", "waits", "ended"};

std::string row_of(const Finding& finding, const Moment& moment, const Around& around,
                   const std::vector<unsigned>& threads, const Slots& slots,
                   const PageOptions& options) {
  const Row& row = moment.row;
  const bool is_step = row.step < finding.steps.size();
  const std::string number = is_step ? std::to_string(row.step) : "";
  std::string classes = row.preempted ? "preempts" : "";
  if (is_violation(finding, moment)) classes += classes.empty() ? "bad" : " bad";
  const std::string id = is_one_step(moment) ? " id=\"s" + number + "\"" : "";
  std::string out =
      "<tr" + id + " class=\"" + classes + "\"><th scope=\"row\" class=\"n\">" + number + "</th>";
  for (unsigned thread : threads) {
    const Life life = moment.lives[thread];
    const Life was = around.before != nullptr ? around.before->lives[thread]
                     : moment.begin > 0       ? life  // rows above are left out
                     : thread == 0            ? Life::kRuns
                                              : Life::kNotYet;
    const bool is_own = thread == row.thread;
    out += "<td class=\"lane " + thread_class(thread) + " was-" +
           kLives[static_cast<unsigned>(was)] + " " + kLives[static_cast<unsigned>(life)] +
           (is_own ? " own" : "");
    if (around.before != nullptr) out += turn_class(thread, around.before->row.thread, row.thread);
    out += "\" style=\"--slots:" + std::to_string(slots.count(thread)) + "\"";
    if (is_own) out += " data-thread=\"" + html(finding.threads[thread].name) + "\"";
    out += ">" + bars_of(finding, moment, thread, slots);
    if (is_own) out += cell_of(finding, moment, around, options);
    out += "</td>";
  }
  return out + place_cell(row) + "</tr>\n";
}

std::string heads_of(const Finding& finding, const std::vector<unsigned>& threads) {
  std::string out = "<thead><tr><th class=\"n\" scope=\"col\">step</th>";
  for (unsigned thread : threads) {
    out += "<th class=\"lane\" scope=\"col\">" + thread_label(finding, thread) + "</th>";
  }
  return out + "<th class=\"place\" scope=\"col\">source</th></tr></thead>\n";
}

std::string legend_of(const Finding& finding, const std::vector<Moment>& moments) {
  std::vector<unsigned> locks;
  for (const Moment& moment : moments) {
    for (const Hold& hold : moment.holds) {
      if (std::find(locks.begin(), locks.end(), hold.object) == locks.end()) {
        locks.push_back(hold.object);
      }
    }
  }
  std::string out = "<p class=\"legend\">";
  for (unsigned lock : locks) {
    out += "<span><i class=\"key " + lock_class(lock) + "\"></i>" + object_label(finding, lock) +
           " is held</span> ";
  }
  return out +
         "<span><i class=\"key runs\"></i>can run</span> "
         "<span><i class=\"key waits\"></i>waits</span> "
         "<span><i class=\"key preempted\"></i>the turn was taken from a thread that could have "
         "gone on</span></p>\n";
}

}  // namespace

std::string page_timeline(const Finding& finding, const PageOptions& options) {
  const std::vector<Moment> moments = timeline_of(finding);
  if (moments.empty()) return "";
  const std::vector<unsigned> threads = shown_threads(moments);
  const Slots slots(moments);
  std::string out =
      "<section id=\"steps\"><h2>What happened</h2>\n"
      "<p class=\"tools\"><button type=\"button\" id=\"open\" hidden>Open all</button> "
      "<button type=\"button\" id=\"close\" hidden>Close all</button></p>\n" +
      legend_of(finding, moments) +
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What happened\">"
      "<table class=\"time\">\n" +
      heads_of(finding, threads) + "<tbody>\n";
  const Middle middle = middle_of(moments.size(), options.rows);
  const bool is_long = middle.size() > 0;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (is_long && i == middle.begin) {
      out += "<tr class=\"gap\"><td colspan=\"" + std::to_string(threads.size() + 2) + "\">" +
             std::to_string(middle.size()) +
             " rows are left out; finding.json has all steps</td></tr>\n";
      i = middle.end;
    }
    Around around;
    if (i > 0 && !(is_long && i == middle.end)) around.before = &moments[i - 1];
    if (i + 1 < moments.size() && !(is_long && i + 1 == middle.begin))
      around.after = &moments[i + 1];
    out += row_of(finding, moments[i], around, threads, slots, options);
  }
  if (ends_in_waiting(finding)) {
    out += "<tr class=\"outcome\"><th class=\"n\"></th><td colspan=\"" +
           std::to_string(threads.size() + 1) + "\">" + html(finding.kind) + "</td></tr>\n";
  }
  return out + "</tbody></table></div></section>\n";
}

}  // namespace weft::report
