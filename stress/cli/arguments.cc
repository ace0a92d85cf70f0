#include "stress/cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace weft::cli {
namespace {

template <class Number>
Number number_from(std::string_view option, const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UsageError(std::string(option) + " wants a number, and got '" + text + "'");
  }
  return number;
}

// Reads options of the forms `--name value` and `--name=value`.
class Words {
 public:
  explicit Words(const std::vector<std::string>& words) : words_(words) {}

  bool next() {
    if (at_ == words_.size()) return false;
    word_ = words_[at_++];
    return true;
  }
  const std::string& word() const { return word_; }
  std::vector<std::string> rest() {
    std::vector<std::string> rest(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
    at_ = words_.size();
    return rest;
  }

  bool is(std::string_view option) const { return word_ == option; }
  bool takes_value(std::string_view option, std::string& value) {
    if (word_ == option) {
      if (at_ == words_.size()) throw UsageError(word_ + " wants a value");
      value = words_[at_++];
      return true;
    }
    const std::string beginning = std::string(option) + "=";
    if (!word_.starts_with(beginning)) return false;
    value = word_.substr(beginning.size());
    return true;
  }

 private:
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  std::string word_;
};

unsigned workers_from(std::string_view option, const std::string& text) {
  const auto workers = number_from<unsigned>(option, text);
  if (workers == 0 || workers > 1024) {
    throw UsageError(std::string(option) + " wants a number from 1 to 1024, and got '" + text +
                     "'");
  }
  return workers;
}

bool takes_workers(Words& words, Arguments& arguments) {
  for (const char* name : {"--workers", "--jobs", "--weft_workers"}) {
    std::string value;
    if (!words.takes_value(name, value)) continue;
    arguments.workers = workers_from(name, value);
    return true;
  }
  return false;
}

std::string seconds_from(const std::string& option, const std::string& text) {
  if (!(number_from<double>(option, text) > 0)) {
    throw UsageError(option + " wants a number above 0, and got '" + text + "'");
  }
  return text;
}

[[noreturn]] void refuse_campaign(std::string_view place) {
  throw UsageError(std::string(place) +
                   ": of a whole program no state is kept from which a search could go on; leave "
                   "it out, and give more time by --seconds");
}

void take_option(Words& words, Arguments& arguments) {
  std::string value;
  if (words.takes_value("--seconds", value)) {
    arguments.seconds = seconds_from("--seconds", value);
  } else if (words.takes_value("--executions", value)) {
    number_from<std::uint64_t>("--executions", value);
    arguments.executions = value;
  } else if (words.takes_value("--strategy", value)) {
    arguments.strategy = value;
  } else if (words.takes_value("--seed", value)) {
    arguments.seed = number_from<std::uint64_t>("--seed", value);
  } else if (words.takes_value("--replay", value)) {
    arguments.replay = value;
  } else if (takes_workers(words, arguments)) {
  } else if (words.takes_value("--json", value)) {
    arguments.json = value;
  } else if (words.takes_value("--html", value)) {
    arguments.html = value;
  } else if (words.takes_value("--sarif", value)) {
    arguments.sarif = value;
  } else if (words.takes_value("--copt", value)) {
    arguments.compiler_options.push_back(value);
  } else if (words.is("--strict")) {
    arguments.strict = true;
  } else if (words.is("--output")) {
    arguments.output = true;
  } else if (words.takes_value("--weft_campaign", value)) {
    refuse_campaign("--weft_campaign");
  } else if (words.word().starts_with("--weft_")) {
    arguments.explorer_flags.push_back(words.word());
  } else if (words.is("--help") || words.is("-h")) {
    arguments.command = Command::kHelpOfCheck;
  } else {
    throw UsageError("there is no option " + words.word() +
                     "; what the program itself is to get comes behind --");
  }
}

void take_check(Words& words, Arguments& arguments) {
  arguments.command = Command::kCheck;
  while (words.next()) {
    if (words.is("--")) {
      arguments.program_arguments = words.rest();
    } else if (words.word().starts_with("-")) {
      take_option(words, arguments);
    } else {
      arguments.files.push_back(words.word());
    }
  }
  if (arguments.command == Command::kCheck && arguments.files.empty()) {
    throw UsageError("weft check wants a program: a binary built by weft-cc, or its sources");
  }
  if (!arguments.replay.empty() && arguments.workers > 1) {
    throw UsageError("--replay runs one execution, so --workers has no meaning beside it");
  }
}

void take_judge(Words& words, Arguments& arguments) {
  arguments.command = Command::kJudge;
  while (words.next()) {
    std::string value;
    if (words.is("--help") || words.is("-h")) {
      arguments.command = Command::kHelpOfJudge;
    } else if (words.is("--json")) {
      arguments.json = "-";
    } else if (words.takes_value("--json", value)) {
      arguments.json = value;
    } else if (words.takes_value("--model", value)) {
      arguments.model = value;
    } else if (words.takes_value("--limit", value)) {
      arguments.seconds = seconds_from("--limit", value);
    } else if (words.is("--strict")) {
      arguments.strict = true;
    } else if (words.word().starts_with("-") && words.word() != "-") {
      throw UsageError("weft judge has no option " + words.word());
    } else {
      arguments.files.push_back(words.word());
    }
  }
  if (arguments.command == Command::kHelpOfJudge) return;
  if (arguments.files.size() != 1) {
    throw UsageError("weft judge wants one file with a history, or - for standard input");
  }
  if (arguments.model.empty()) {
    throw UsageError("weft judge wants a model, as in --model=queue; `weft judge --help` has all");
  }
}

}  // namespace

Arguments arguments_from(const std::vector<std::string>& list) {
  Arguments arguments;
  Words words(list);
  if (!words.next()) throw UsageError("what is to be done? `weft check FILE`, or `weft --help`");
  if (words.is("--help") || words.is("-h") || words.is("help")) {
    arguments.command = Command::kHelp;
  } else if (words.is("--version")) {
    arguments.command = Command::kVersion;
  } else if (words.is("check")) {
    take_check(words, arguments);
  } else if (words.is("judge")) {
    take_judge(words, arguments);
  } else {
    throw UsageError("there is no command '" + words.word() +
                     "'; there are `weft check FILE` and `weft judge FILE`");
  }
  return arguments;
}

void take_environment(Arguments& arguments) {
  const auto value_of = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  const std::string campaign = value_of("WEFT_CAMPAIGN");
  if (!campaign.empty() && campaign != "none") refuse_campaign("WEFT_CAMPAIGN");
  const std::string workers = value_of("WEFT_WORKERS");
  if (arguments.workers == 0 && arguments.replay.empty() && !workers.empty()) {
    arguments.workers = workers_from("WEFT_WORKERS", workers);
  }
  arguments.workers = std::max(arguments.workers, 1u);
}

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return word;
  std::string text = "'";
  for (char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace weft::cli
