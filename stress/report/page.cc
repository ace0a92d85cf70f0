#include "stress/report/page.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "stress/report/accesses.h"
#include "stress/report/html.h"
#include "stress/report/page_parts.h"
#include "stress/report/words.h"

namespace weft::report {

std::string thread_class(unsigned thread) { return "t" + std::to_string(thread % 8); }
std::string lock_class(unsigned object) { return "l" + std::to_string(object % 8); }

std::string thread_label(const Finding& finding, unsigned thread) {
  return "<bdi class=\"thread " + thread_class(thread) + "\">" +
         html(finding.threads[thread].name) + "</bdi>";
}

std::string object_label(const Finding& finding, unsigned object) {
  const Object& it = finding.objects[object];
  const std::string name = object_text(object, finding);
  return "<bdi>" + html(it.naming == Naming::kNumber ? name : it.kind + " " + name) + "</bdi>";
}

namespace {

std::string frame_items(const Finding& finding, const std::vector<unsigned>& stack,
                        std::size_t begin, std::size_t end) {
  static constexpr const char* kClasses[] = {"tested", "primitive", "library", "harness"};
  std::string out = "<ol class=\"stack\" start=\"" + std::to_string(begin) + "\">\n";
  for (std::size_t i = begin; i < end; ++i) {
    const Frame& frame = finding.frames[stack[i]];
    out += "<li class=\"" + std::string(kClasses[static_cast<unsigned>(frame.role)]) + "\"><code>" +
           html(frame.function.empty() ? "?" : frame.function) + "</code>";
    if (!frame.file.empty()) {
      out += " <span class=\"file\">" + html(frame.file) + ":" + std::to_string(frame.line) +
             "</span>";
    }
    if (!frame.source.empty()) out += "<code class=\"line\">" + html(frame.source) + "</code>";
    out += "</li>\n";
  }
  return out + "</ol>\n";
}

}  // namespace

std::string stack_list(const Finding& finding, const std::vector<unsigned>& stack) {
  if (stack.empty()) return "";
  // The call that the tested code makes is worth seeing; what lies inside of it rarely is.
  const std::size_t place = tested_place(stack, finding);
  std::size_t call = place == stack.size() || place == 0 ? 0 : place - 1;
  for (std::size_t i = place; place < stack.size() && i-- > 0;) {
    if (finding.frames[stack[i]].role != Role::kPrimitive) continue;
    call = i;
    break;
  }
  std::string out;
  if (call > 0) {
    out += "<details class=\"inner\"><summary>" + std::to_string(call) +
           (call == 1 ? " call" : " calls") + " inside</summary>" +
           frame_items(finding, stack, 0, call) + "</details>\n";
  }
  return out + frame_items(finding, stack, call, stack.size());
}

namespace {

std::string plural(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string head_of(const Finding& finding) {
  std::string out = "<header>\n<p class=\"kind\">" + html(finding.kind) + "</p>\n<h1>" +
                    html_lines(finding.sentence) + "</h1>\n<p class=\"where\">in <bdi>" +
                    html(finding.test) + "</bdi></p>\n";
  if (!finding.caveat.empty()) {
    out += "<p class=\"caveat\" role=\"note\">" + html_lines(finding.caveat) + "</p>\n";
  }
  if (!finding.replay.empty()) {
    out +=
        "<div class=\"replay\"><h2 id=\"repeat\">Repeat it</h2>"
        "<button type=\"button\" id=\"copy\" hidden>Copy</button>"
        "<pre id=\"replay\" tabindex=\"0\" aria-labelledby=\"repeat\">" +
        html(finding.replay) + "</pre></div>\n";
  }
  return out + "</header>\n";
}

std::string places_of(const Finding& finding) {
  const std::vector<Place> places = all_places(finding);
  if (places.empty()) return "";
  std::string out = "<section id=\"places\"><h2>Where</h2>\n<div class=\"cards\">\n";
  for (const Place& place : places) {
    out += "<article class=\"card" +
           (place.thread ? " " + thread_class(*place.thread) : std::string()) + "\"><h3>";
    if (place.thread) out += thread_label(finding, *place.thread) + ": ";
    out += html(place.label) + "</h3>\n";
    if (place.step) {
      const std::string number = std::to_string(*place.step);
      out += "<p><a href=\"#s" + number + "\">step " + number + "</a></p>\n";
    }
    out += stack_list(finding, place.stack) + "</article>\n";
  }
  return out + "</div></section>\n";
}

// Threads each of which waits for the next, and the last for the first.
std::vector<unsigned> cycle_of(const Finding& finding) {
  for (unsigned begin = 0; begin < finding.threads.size(); ++begin) {
    std::vector<unsigned> path;
    std::optional<unsigned> at = begin;
    while (at && std::find(path.begin(), path.end(), *at) == path.end()) {
      path.push_back(*at);
      const Thread& thread = finding.threads[*at];
      at = thread.state == ThreadState::kWaits ? thread.holder : std::nullopt;
    }
    if (at) return {std::find(path.begin(), path.end(), *at), path.end()};
  }
  return {};
}

std::string cycle_text(const Finding& finding) {
  const std::vector<unsigned> cycle = cycle_of(finding);
  if (cycle.empty()) return "";
  std::string out = "<p class=\"cycle\">A cycle: ";
  for (unsigned thread : cycle) {
    const std::optional<unsigned> object = finding.threads[thread].object;
    out +=
        thread_label(finding, thread) + " <span class=\"arrow\">waits for</span> " +
        (object ? object_label(finding, *object) + " <span class=\"arrow\">held by</span> " : "");
  }
  return out + thread_label(finding, cycle.front()) + "</p>\n";
}

std::string ends_of(const Finding& finding) {
  std::string cards;
  for (unsigned id : body_last(finding)) {
    const Thread& thread = finding.threads[id];
    if (thread.state == ThreadState::kEnded) continue;
    cards += "<article class=\"card " + thread_class(id) + "\"><h3>" + thread_label(finding, id) +
             (thread.state == ThreadState::kWaits ? " waits for " + html(thread.waits_for)
                                                  : " could go on") +
             "</h3>\n" + stack_list(finding, thread.stack) + "</article>\n";
  }
  if (cards.empty()) return "";
  return "<section id=\"ends\"><h2>Who waits for what</h2>\n" + cycle_text(finding) +
         "<div class=\"cards\">\n" + cards + "</div></section>\n";
}

std::string events_of(const Finding& finding) {
  if (finding.events.empty()) return "";
  std::string out = "<section id=\"events\"><h2>Events</h2>\n<ol>\n";
  for (const std::string& event : finding.events) out += "<li>" + html(event) + "</li>\n";
  return out + "</ol></section>\n";
}

std::string objects_of(const Finding& finding) {
  if (finding.objects.empty()) return "";
  std::string out =
      "<section id=\"objects\"><h2>Objects</h2>\n<div class=\"scroll\"><table class=\"facts\">"
      "<thead><tr><th>name</th><th>kind</th><th>where</th></tr></thead><tbody>\n";
  for (const Object& object : finding.objects) {
    out += "<tr><td><bdi>" + html(object.name) + "</bdi></td><td>" + html(object.kind) +
           "</td><td>" + html(object.memory) + "</td></tr>\n";
  }
  return out + "</tbody></table></div></section>\n";
}

std::string search_of(const Finding& finding) {
  std::string out = "<section id=\"search\"><h2>The search</h2>\n<dl>\n";
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out += "<dt>" + std::string(name) + "</dt><dd>" + html(value) + "</dd>\n";
  };
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f s", finding.seconds);
  add("verdict", finding.verdict);
  add("found by", finding.strategy);
  add("in execution", std::to_string(finding.execution));
  add("executions", plural(finding.executions, "execution") + ", " +
                        plural(finding.distinct, "distinct interleaving") + ", " + seconds);
  add("bounds", finding.bounds);
  add("this one", plural(finding.steps.size(), "step") + ", " + plural(finding.switches, "turn") +
                      " of another thread, " + plural(finding.preemptions, "preemption"));
  if (finding.original) add("simplified", simplification(*finding.original));
  add("seed", std::to_string(finding.seed));
  add("schedule", finding.schedule);
  return out + "</dl></section>\n";
}

}  // namespace

std::string page_of(const Finding& finding, const PageOptions& options) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
      html(finding.kind) + ": " + html(finding.test) + "</title>\n<style>";
  out += kPageStyle;
  out += "</style>\n</head>\n<body>\n" + head_of(finding) + "<main>\n" + page_history(finding) +
         places_of(finding) + page_timeline(finding, options) + ends_of(finding) +
         events_of(finding) + objects_of(finding) + search_of(finding) + "</main>\n<script>";
  out += kPageScript;
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace weft::report
