#include "stress/run/report.h"

#include <charconv>
#include <cstdio>

namespace weft {
namespace {

// Fields are written as "LENGTH:BYTES", numbers and counts as such texts.
class Writer {
 public:
  void put(std::string_view text) {
    bytes_ += std::to_string(text.size());
    bytes_ += ':';
    bytes_ += text;
  }
  void put(std::uint64_t number) { put(std::string_view(std::to_string(number))); }
  void put(const std::vector<std::string>& texts) {
    put(std::uint64_t{texts.size()});
    for (const auto& text : texts) put(std::string_view(text));
  }
  void put(const Violation& violation) {
    put(static_cast<std::uint64_t>(violation.kind));
    put(std::string_view(violation.text));
    put(std::uint64_t{violation.threads.size()});
    for (const ThreadDump& thread : violation.threads) {
      put(std::string_view(thread.name));
      put(static_cast<std::uint64_t>(thread.tid));
      put(std::string_view(thread.state));
      put(std::string_view(thread.waits_for));
      put(thread.holds);
      put(thread.frames);
    }
    put(violation.events);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

  std::string text() {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(bytes_.data(), bytes_.data() + bytes_.size(), size);
    const auto digits = static_cast<std::size_t>(end - bytes_.data());
    if (error != std::errc() || digits >= bytes_.size() || bytes_[digits] != ':' ||
        size > bytes_.size() - digits - 1) {
      ok_ = false;
      return "";
    }
    std::string result(bytes_.substr(digits + 1, size));
    bytes_.remove_prefix(digits + 1 + size);
    return result;
  }
  std::uint64_t number() {
    const std::string digits = text();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) ok_ = false;
    return value;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> result;
    for (std::uint64_t left = number(); ok_ && left > 0; --left) result.push_back(text());
    return result;
  }
  Violation violation() {
    Violation violation;
    violation.kind = static_cast<Kind>(number());
    violation.text = text();
    for (std::uint64_t left = number(); ok_ && left > 0; --left) {
      ThreadDump thread;
      thread.name = text();
      thread.tid = static_cast<int>(number());
      thread.state = text();
      thread.waits_for = text();
      thread.holds = texts();
      thread.frames = texts();
      violation.threads.push_back(std::move(thread));
    }
    violation.events = texts();
    return violation;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace

std::string to_string(const ThreadDump& thread) {
  std::string out =
      "  " + thread.name + " (tid " + std::to_string(thread.tid) + ", " + thread.state + ")";
  if (!thread.waits_for.empty()) out += " waits for " + thread.waits_for;
  out += "\n";
  for (const auto& held : thread.holds) out += "    holds " + held + "\n";
  std::size_t number = 0;
  for (const auto& frame : thread.frames) {
    out += "    #" + std::to_string(number++) + " " + frame + "\n";
  }
  if (thread.frames.empty()) out += "    (it did not answer the request for its stack)\n";
  return out;
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUndecided:
      return "undecided";
    case Verdict::kViolated:
      return "violated";
    case Verdict::kHolds:
      return "holds";
  }
  return "unknown";
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::kAssertion:
      return "assertion";
    case Kind::kException:
      return "exception";
    case Kind::kHang:
      return "hang";
    case Kind::kLivelock:
      return "livelock";
    case Kind::kDataRace:
      return "data race";
    case Kind::kLockInversion:
      return "lock order inversion";
    case Kind::kSanitizerReport:
      return "sanitizer report";
    case Kind::kCrash:
      return "crash";
    case Kind::kDeadlock:
      return "deadlock";
    case Kind::kLostWakeup:
      return "lost wake-up";
    case Kind::kNoProgress:
      return "no progress";
    case Kind::kMisuse:
      return "misuse";
    case Kind::kNotModelled:
      return "not modelled";
    case Kind::kStale:
      return "stale schedule";
    case Kind::kNondeterminism:
      return "nondeterminism";
    case Kind::kUseAfterFree:
      return "use after free";
    case Kind::kDoubleFree:
      return "double free";
    case Kind::kBadFree:
      return "bad free";
    case Kind::kLeak:
      return "leak";
  }
  return "unknown";
}

bool satisfies(Kind wanted, Kind found) {
  if (wanted == found) return true;
  if (wanted == Kind::kHang) return found == Kind::kDeadlock || found == Kind::kLostWakeup;
  return wanted == Kind::kDeadlock && found == Kind::kLostWakeup;
}

std::string Report::summary() const {
  char time[32];
  std::snprintf(time, sizeof time, "%.2f s", seconds);
  const std::string count =
      std::to_string(executions) + (executions == 1 ? " execution" : " executions");
  if (!violation) {
    const std::string kinds =
        bounds.empty() ? "" : ", " + std::to_string(distinct) + " distinct interleavings";
    std::string within;
    if (verdict == Verdict::kHolds) within = "; every schedule: " + bounds;
    if (verdict == Verdict::kUndecided && !reached.empty()) within = "; among them " + reached;
    return name + ": " + std::string(to_string(verdict)) + " after " + count + kinds + " (" + time +
           ")" + within;
  }
  return name + ": " + std::string(to_string(violation->kind)) + " after " + count + " (" + time +
         ")";
}

std::string Report::text() const {
  std::string out;
  const std::string controlled_line =
      controlled.empty() ? "" : "  controlled: " + controlled + "\n";
  std::string also_met;
  for (const auto& other : also) {
    also_met += "  also met: " + std::string(to_string(other.kind)) + ": " + other.text + "\n";
  }
  if (!violation) {
    return summary() + "\n  first seed: " + std::to_string(seed) + "\n" + controlled_line +
           also_met;
  }
  out += std::string(to_string(violation->kind)) + ": " + violation->text + "\n";
  out += "  in " + name + ", execution " + std::to_string(execution) + " (" + mode + "), seed " +
         std::to_string(seed) + "\n";
  out += "  repeat: " + replay + "\n";
  if (!page.empty()) out += "  page: " + page + "\n";
  out += controlled_line;
  out += interleaving;
  if (interleaving.empty()) {
    for (const auto& thread : violation->threads) out += to_string(thread);
  }
  if (!violation->events.empty()) out += "  events:\n";
  for (const auto& event : violation->events) out += "    " + event + "\n";
  return out + also_met;
}

std::string serialized(const Report& report) {
  Writer writer;
  writer.put(std::string_view(report.name));
  writer.put(report.executions);
  writer.put(static_cast<std::uint64_t>(report.seconds * 1e6));
  writer.put(report.seed);
  writer.put(report.execution);
  writer.put(std::string_view(report.mode));
  writer.put(std::string_view(report.replay));
  writer.put(std::uint64_t{report.verdict == Verdict::kHolds});
  writer.put(report.distinct);
  writer.put(report.conflicts);
  writer.put(report.accesses);
  for (const std::string* text : {&report.bounds, &report.reached, &report.controlled,
                                  &report.schedule, &report.interleaving, &report.finding}) {
    writer.put(std::string_view(*text));
  }
  writer.put(std::uint64_t{report.violation.has_value()});
  if (report.violation) writer.put(*report.violation);
  writer.put(std::uint64_t{report.also.size()});
  for (const auto& other : report.also) writer.put(other);
  return writer.take();
}

std::optional<Report> deserialized(std::string_view bytes) {
  Reader reader(bytes);
  Report report;
  report.name = reader.text();
  report.executions = reader.number();
  report.seconds = static_cast<double>(reader.number()) / 1e6;
  report.seed = reader.number();
  report.execution = reader.number();
  report.mode = reader.text();
  report.replay = reader.text();
  if (reader.number() != 0) report.verdict = Verdict::kHolds;
  report.distinct = reader.number();
  report.conflicts = reader.number();
  report.accesses = reader.number();
  for (std::string* text : {&report.bounds, &report.reached, &report.controlled, &report.schedule,
                            &report.interleaving, &report.finding}) {
    *text = reader.text();
  }
  if (reader.number() != 0) {
    report.verdict = Verdict::kViolated;
    report.violation = reader.violation();
  }
  for (std::uint64_t left = reader.number(); reader.ok() && left > 0; --left) {
    report.also.push_back(reader.violation());
  }
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return report;
}

}  // namespace weft
