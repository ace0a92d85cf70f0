#include "stress/report/words.h"

#include <algorithm>

namespace weft::report {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string object_text(const std::optional<unsigned>& index, const Finding& finding) {
  if (!index) return "";
  const Object& object = finding.objects[*index];
  if (object.naming == Naming::kGiven) return "'" + object.name + "'";
  // A function's static has the function's whole signature before its name.
  const std::size_t function = object.name.rfind(')');
  const std::size_t colons = object.name.rfind("::");
  const bool is_inside = function != object.name.npos && colons != object.name.npos;
  return is_inside && function < colons ? object.name.substr(colons + 2) : object.name;
}

std::string thread_text(const std::optional<unsigned>& index, const Finding& finding) {
  return index ? "'" + finding.threads[*index].name + "'" : "a thread";
}

bool is_access(const Step& step) {
  return is_one_of(step.operation,
                   {"load", "store", "exchange", "compare_exchange", "read", "write"}) ||
         step.operation.starts_with("fetch_");
}

namespace {

// A memory order is worth its room where it is not the strongest.
std::string order_text(const Step& step) { return step.order == "seq_cst" ? "" : step.order; }

std::string access_text(const Step& step, const Finding& finding) {
  const std::string name = object_text(step.object, finding);
  const std::string order = order_text(step);
  if (step.operation == "load") return name + ".load(" + order + ") -> " + step.value;
  if (step.operation == "store") {
    return name + ".store(" + step.value + (order.empty() ? "" : ", " + order) + ")" +
           (step.before.empty() ? "" : ", was " + step.before);
  }
  if (step.operation == "exchange") {
    return name + ".exchange(" + step.left + (order.empty() ? "" : ", " + order) + ") -> " +
           step.value;
  }
  if (step.operation == "compare_exchange") {
    if (step.failed) {
      const std::string why = step.spurious ? "for no reason, is " : "is ";
      return name + ".compare_exchange(" + order + ") fails, " + why + step.value;
    }
    return name + ".compare_exchange(" + order + ") " + step.value + " => " + step.left;
  }
  if (step.operation == "read") return "read " + name + " -> " + step.value;
  if (step.operation == "write") return "write " + name;
  return name + "." + step.operation + "(" + order + ") " + step.value + " => " + step.left;
}

std::string wakes_text(const Step& step) {
  if (step.value == "0") return ", wakes nobody";
  if (step.operation == "notify_one") return ", wakes one of " + step.value;
  return ", wakes " + step.value;
}

std::string without_templates(std::string_view text) {
  std::string kept;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_operator = kept.ends_with("operator");
    if (text[i] == '<' && !is_operator) ++depth;
    if (depth == 0) kept += text[i];
    if (text[i] == '>' && depth > 0) --depth;
  }
  return kept;
}

}  // namespace

std::string short_name(const std::string& function) {
  std::string name = without_templates(function);
  for (std::size_t at; (at = name.find("(anonymous namespace)::")) != name.npos;) {
    name.erase(at, std::string_view("(anonymous namespace)::").size());
  }
  std::size_t parameters =
      name.find('(', name.find("operator()") == name.npos ? 0 : name.find("operator()") + 10);
  if (parameters != name.npos) name.erase(parameters);
  const std::size_t space = name.rfind(' ', name.find("operator"));
  if (space != name.npos) name.erase(0, space + 1);
  const std::size_t last = name.rfind("::");
  const std::size_t before =
      last == name.npos || last == 0 ? name.npos : name.rfind("::", last - 1);
  if (before != name.npos) name.erase(0, before + 2);
  for (std::string_view space_name : {"weft::", "std::"}) {
    if (name.starts_with(space_name)) name.erase(0, space_name.size());
  }
  return name;
}

unsigned tested_place(const std::vector<unsigned>& stack, const Finding& finding) {
  const auto tested = std::find_if(stack.begin(), stack.end(), [&](unsigned frame) {
    return finding.frames[frame].role == Role::kTested;
  });
  return static_cast<unsigned>(tested - stack.begin());
}

const Frame* tested_frame(const std::vector<unsigned>& stack, const Finding& finding) {
  const unsigned place = tested_place(stack, finding);
  return place < stack.size() ? &finding.frames[stack[place]] : nullptr;
}

const Frame* tested_frame(const Step& step, const Finding& finding) {
  return step.place < step.stack.size() ? &finding.frames[step.stack[step.place]] : nullptr;
}

std::string where(const Frame& frame) {
  if (frame.file.empty()) return "";
  return frame.file.substr(frame.file.rfind('/') + 1) + ":" + std::to_string(frame.line);
}

std::string where(const Step& step, const Finding& finding) {
  const Frame* const frame = tested_frame(step, finding);
  return frame == nullptr ? "" : where(*frame);
}

std::vector<unsigned> body_last(const Finding& finding) {
  std::vector<unsigned> threads;
  for (unsigned id = 1; id < finding.threads.size(); ++id) threads.push_back(id);
  if (!finding.threads.empty()) threads.push_back(0);
  return threads;
}

bool ends_in_waiting(const Finding& finding) {
  return is_one_of(finding.kind, {"deadlock", "lost wake-up", "livelock", "no progress"});
}

std::string simplification(const Original& original) {
  const auto of = [](std::uint64_t switches, std::uint64_t preemptions) {
    return std::to_string(switches) + (switches == 1 ? " switch, " : " switches, ") +
           std::to_string(preemptions) + " of them preemptions";
  };
  return of(original.simpler_switches, original.simpler_preemptions) +
         "; as found: " + of(original.switches, original.preemptions);
}

std::string in_words(const Step& step, const Finding& finding) {
  if (is_access(step)) return access_text(step, finding);
  const std::string object = object_text(step.object, finding);
  const std::string& operation = step.operation;
  if (operation == "start") return "start " + thread_text(step.other, finding);
  if (operation == "join") {
    if (!step.other) return "leaves threads behind";
    return (step.blocked ? "join " : "joined ") + thread_text(step.other, finding);
  }
  if (operation == "wait") {
    return "wait on " + object +
           (step.second ? ", giving up " + object_text(step.second, finding) : "");
  }
  if (operation == "relock") return (step.blocked ? "wants " : "has ") + object + " again";
  if (operation == "violation") {
    return finding.kind == "exception" ? "an exception leaves it" : "a property is violated";
  }
  if (operation == "refused") return "a call that is not modelled";
  if (operation == "spurious") return "the wait ends for no reason";
  if (operation == "timeout") return "time is up for " + (object.empty() ? "the wait" : object);
  if (operation.starts_with("notify_")) return operation + " " + object + wakes_text(step);
  if (operation == "futex_wake") return "futex wake " + object + wakes_text(step);
  if (operation == "futex_wait") {
    return "futex wait on " + object + (step.failed ? ": its value is another" : "") +
           (step.spurious ? ": ends for no reason" : "");
  }
  if (operation == "sleep") return step.blocked ? "sleep" : "slept";
  if (operation == "ask") {
    return "asks about " + (step.other ? thread_text(step.other, finding) : "the others");
  }
  if (operation == "input") {
    if (step.failed) return "input: nothing is there";
    return step.blocked ? "input" : "got input";
  }
  if (operation == "yield" || operation == "output") return operation;
  if (operation == "fence") return "fence(" + step.order + ")";
  const std::string failed = step.failed ? " fails" : "";
  return operation + (object.empty() ? "" : " " + object) + failed;
}

}  // namespace weft::report
