#include "stress/explore/schedule.h"

#include <charconv>

namespace weft::explore {
namespace {

constexpr std::string_view kVersion = "w1";
constexpr std::string_view kCharacters =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
static_assert(kCharacters.size() == 64);

void append_number(std::string& text, std::uint64_t number) {
  do {
    const auto low = static_cast<std::size_t>(number & 31);
    number >>= 5;
    text += kCharacters[low | (number != 0 ? 32u : 0u)];
  } while (number != 0);
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; !text.empty() && shift < 64; shift += 5) {
    const std::size_t value = kCharacters.find(text.front());
    if (value == kCharacters.npos) return std::nullopt;
    text.remove_prefix(1);
    number |= std::uint64_t{value & 31} << shift;
    if (value < 32) return number;
  }
  return std::nullopt;
}

std::string hexadecimal(std::uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, number, 16).ptr;
  return {digits, end};
}

std::optional<std::uint64_t> from_hexadecimal(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The text up to the next '-', which is taken away with it.
std::string_view take_part(std::string_view& text) {
  const std::size_t dash = text.find('-');
  const std::string_view part = text.substr(0, dash);
  text.remove_prefix(dash == text.npos ? text.size() : dash + 1);
  return part;
}

bool read_decisions(std::string_view text, std::vector<std::uint16_t>& decisions) {
  constexpr std::uint64_t kMostDecisions = 10'000'000;
  while (!text.empty()) {
    const auto zeros = take_number(text);
    const auto answer = take_number(text);
    if (!zeros || !answer || *answer == 0 || *answer > UINT16_MAX ||
        *zeros + decisions.size() > kMostDecisions) {
      return false;
    }
    decisions.insert(decisions.end(), *zeros, 0);
    decisions.push_back(static_cast<std::uint16_t>(*answer));
  }
  return true;
}

}  // namespace

std::string to_string(const Schedule& schedule) {
  std::string text = std::string(kVersion) + "-" + hexadecimal(schedule.seed) + "-";
  std::uint64_t zeros = 0;
  for (std::uint16_t answer : schedule.decisions) {
    if (answer == 0) {
      ++zeros;
      continue;
    }
    append_number(text, zeros);
    append_number(text, answer);
    zeros = 0;
  }
  return text + "-" + hexadecimal(schedule.digest);
}

std::optional<Schedule> schedule_from(std::string_view text, std::string& why) {
  Schedule schedule;
  if (take_part(text) != kVersion) {
    why = "a schedule begins with \"w1-\"; copy it whole from a report";
    return std::nullopt;
  }
  const auto seed = from_hexadecimal(take_part(text));
  const std::string_view decisions = take_part(text);
  const auto digest = from_hexadecimal(take_part(text));
  if (!seed || !digest || *digest > UINT32_MAX || !text.empty() ||
      !read_decisions(decisions, schedule.decisions)) {
    why = "the schedule is damaged; copy it whole from a report";
    return std::nullopt;
  }
  schedule.seed = *seed;
  schedule.digest = static_cast<std::uint32_t>(*digest);
  // Answers 0 at the end say nothing.
  while (!schedule.decisions.empty() && schedule.decisions.back() == 0) {
    schedule.decisions.pop_back();
  }
  return schedule;
}

}  // namespace weft::explore
