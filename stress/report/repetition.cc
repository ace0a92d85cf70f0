#include "stress/report/repetition.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "stress/report/words.h"

namespace weft::report {
namespace {

constexpr std::size_t kFewest = 8;          // steps of a thread that may be said to repeat them
constexpr std::size_t kLongestRound = 256;  // steps
constexpr std::size_t kMostDifferent = 16;
constexpr std::size_t kLookedAt = 512;  // where no cycle fits

using Key = std::tuple<std::string, std::optional<unsigned>, bool, bool, std::vector<unsigned>>;

Key key_of(const Step& step) {
  return {step.operation, step.object, step.failed, step.timed_out, step.stack};
}

// How many steps at the end equal those a round before.
std::size_t repeated_by(const std::vector<unsigned>& kinds, std::size_t round) {
  std::size_t count = 0;
  for (std::size_t at = kinds.size(); at > round && kinds[at - 1] == kinds[at - 1 - round]; --at) {
    ++count;
  }
  return count;
}

Repetition repetition_of(const std::vector<unsigned>& steps, const std::vector<unsigned>& kinds) {
  Repetition found;
  const std::size_t longest = std::min(kLongestRound, kinds.size() / 3);
  for (std::size_t round = 1; round <= longest; ++round) {
    const std::size_t repeated = repeated_by(kinds, round);
    if (repeated < 2 * round || repeated + round < kFewest) continue;
    found.steps.assign(steps.end() - static_cast<long>(round), steps.end());
    found.rounds = (repeated + round) / round;
    return found;
  }
  std::vector<bool> seen(steps.size(), false);
  const std::size_t begin = kinds.size() - std::min(kLookedAt, kinds.size());
  for (std::size_t at = begin; at < kinds.size(); ++at) {
    const auto first = std::find(kinds.begin() + static_cast<long>(begin), kinds.end(), kinds[at]);
    const auto place = static_cast<std::size_t>(first - kinds.begin());
    if (seen[place]) continue;
    seen[place] = true;
    found.steps.push_back(steps[at]);
  }
  return found;
}

// The call of a primitive, as its caller sees it; else the step itself.
std::string step_in_words(const Step& step, const Finding& finding) {
  std::string text = in_words(step, finding);
  if (step.place > 0 && step.place < step.stack.size()) {
    const Frame& called = finding.frames[step.stack[step.place - 1]];
    if (called.role == Role::kPrimitive) text = short_name(called.function);
  }
  const std::string place = where(step, finding);
  return place.empty() ? text : text + " (" + place + ")";
}

}  // namespace

std::vector<Repetition> repetitions_of(const Finding& finding) {
  std::map<Key, unsigned> numbers;
  std::vector<Repetition> all;
  for (unsigned thread = 0; thread < finding.threads.size(); ++thread) {
    if (finding.threads[thread].state == ThreadState::kEnded) continue;
    std::vector<unsigned> steps;
    std::vector<unsigned> kinds;
    for (unsigned i = 0; i < finding.steps.size(); ++i) {
      // That it has to wait is no step of its own: it may have to or not, round by round.
      if (finding.steps[i].thread != thread || finding.steps[i].blocked) continue;
      steps.push_back(i);
      const auto fresh = static_cast<unsigned>(numbers.size());
      kinds.push_back(numbers.try_emplace(key_of(finding.steps[i]), fresh).first->second);
    }
    if (steps.size() < kFewest) continue;
    Repetition repetition = repetition_of(steps, kinds);
    repetition.thread = thread;
    all.push_back(std::move(repetition));
  }
  return all;
}

std::string in_words(const Repetition& repetition, const Finding& finding) {
  std::vector<std::string> texts;
  for (unsigned step : repetition.steps) {
    std::string text = step_in_words(finding.steps[step], finding);
    if (texts.empty() || texts.back() != text) texts.push_back(std::move(text));
  }
  // The same call may go round in itself.
  if (texts.size() > 1 && texts.front() == texts.back()) texts.pop_back();
  std::string text = repetition.rounds == 0
                         ? "goes round, in changing order: "
                         : "repeats " + std::to_string(repetition.rounds) + " times: ";
  const std::size_t shown = std::min(texts.size(), kMostDifferent);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + texts[i];
  if (shown < texts.size()) text += ", and " + std::to_string(texts.size() - shown) + " more";
  return text;
}

}  // namespace weft::report
