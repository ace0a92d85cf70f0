#include "stress/cli/arguments.h"

#include <charconv>
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

void take_option(Words& words, Arguments& arguments) {
  std::string value;
  if (words.takes_value("--seconds", value)) {
    if (!(number_from<double>("--seconds", value) > 0)) {
      throw UsageError("--seconds wants a number above 0, and got '" + value + "'");
    }
    arguments.seconds = value;
  } else if (words.takes_value("--executions", value)) {
    number_from<std::uint64_t>("--executions", value);
    arguments.executions = value;
  } else if (words.takes_value("--strategy", value)) {
    arguments.strategy = value;
  } else if (words.takes_value("--seed", value)) {
    arguments.seed = number_from<std::uint64_t>("--seed", value);
  } else if (words.takes_value("--replay", value)) {
    arguments.replay = value;
  } else if (words.takes_value("--jobs", value)) {
    arguments.jobs = number_from<unsigned>("--jobs", value);
    if (arguments.jobs == 0 || arguments.jobs > 1024) {
      throw UsageError("--jobs wants a number from 1 to 1024, and got '" + value + "'");
    }
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
  if (!arguments.replay.empty() && arguments.jobs != 1) {
    throw UsageError("--replay runs one execution, so --jobs has no meaning beside it");
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
  } else {
    throw UsageError("there is no command '" + words.word() + "'; there is `weft check FILE`");
  }
  return arguments;
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
