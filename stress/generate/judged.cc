#include "stress/generate/judged.h"

#include <cstddef>
#include <cstring>

#include "stress/linearize/timeline.h"

namespace weft::generate {
namespace {

using linearize::End;
using linearize::Place;
using linearize::Verdict;

void put(std::string& bytes, std::uint64_t number) {
  char as_bytes[sizeof number];
  std::memcpy(as_bytes, &number, sizeof number);
  bytes.append(as_bytes, sizeof number);
}

void put(std::string& bytes, const Value& value) {
  if (const auto* const number = value.get_if<std::int64_t>()) {
    bytes += 'i';
    put(bytes, static_cast<std::uint64_t>(*number));
    return;
  }
  const std::string text = value.text();
  bytes += 't';
  put(bytes, text.size());
  bytes += text;
}

// Of one program: results, ends, and what is known of the order; times beyond that do not matter.
std::string written_out(const History& history) {
  std::string bytes;
  for (std::size_t lane = 0; lane < history.threads.size(); ++lane) {
    bytes += static_cast<char>(history.threads[lane].size());
    for (std::size_t i = 0; i < history.threads[lane].size(); ++i) {
      const linearize::Operation& operation = history.threads[lane][i];
      bytes += static_cast<char>(operation.end);
      if (operation.end == End::kReturned) put(bytes, operation.result);
      // Programs are short: see label() in program.h.
      for (const std::uint32_t count : history.known[lane][i]) bytes += static_cast<char>(count);
    }
  }
  return bytes;
}

linearize::Names names_of(const Vocabulary& vocabulary, const Program& program) {
  linearize::Names names;
  for (unsigned lane = 0; lane < program.main(); ++lane) {
    names.lanes.push_back("thread " + std::to_string(lane));
  }
  names.lanes.push_back("main");
  names.call = [&vocabulary, &program](Place place) {
    return vocabulary.text(program.call(place.thread, place.index));
  };
  names.result = [&vocabulary, &program](Place place, const Value& value) {
    const Call& call = program.call(place.thread, place.index);
    return vocabulary.operations[call.operation].returns || !value.is_nothing() ? shown(value) : "";
  };
  return names;
}

}  // namespace

std::optional<report::History> Judged::objection(const History& history) {
  ++histories_;
  std::string bytes = written_out(history);
  if (known_.contains(bytes)) return std::nullopt;
  const Verdict verdict = judge_.verdict(history);
  if (verdict == Verdict::kViolated) {
    return shown(history, judge_.judge(history), names_of(vocabulary_, program_));
  }
  if (verdict == Verdict::kUndecided) ++undecided_;
  known_.insert(std::move(bytes));
  return std::nullopt;
}

}  // namespace weft::generate
