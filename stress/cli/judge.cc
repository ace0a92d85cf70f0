#include "stress/cli/judge.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "primitives/base/errors.h"
#include "stress/cli/verdict.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/models/catalogue.h"
#include "stress/report/json_writer.h"

namespace weft::cli {
namespace {

using linearize::End;
using linearize::HistoryFile;
using linearize::Judgement;
using linearize::Operation;
using linearize::Place;
using linearize::Refusal;
using linearize::Specification;

// Of a long order, what people see of it.
constexpr std::size_t kShownSteps = 20;

std::string read_all(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw UsageError(path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

const char* name_of(linearize::Verdict verdict) {
  switch (verdict) {
    case linearize::Verdict::kLinearizable:
      return "linearizable";
    case linearize::Verdict::kViolated:
      return "violated";
    default:
      return "undecided";
  }
}

const char* name_of(Refusal::Why why) {
  switch (why) {
    case Refusal::kResult:
      return "result";
    case Refusal::kBlocked:
      return "blocked";
    case Refusal::kEnabled:
      return "enabled";
    default:
      return "not yet";
  }
}

class Words {
 public:
  Words(const Specification& specification, const HistoryFile& file)
      : specification_(specification), file_(file) {}

  std::size_t line(Place place) const { return file_.lines[place.thread][place.index]; }
  std::string call(Place place) const {
    const Operation& operation = file_.history.threads[place.thread][place.index];
    std::string text = "line " + std::to_string(line(place)) + ", thread " +
                       file_.threads[place.thread] + ": " +
                       specification_.functions()[operation.function] + "(";
    for (std::size_t i = 0; i < operation.arguments.size(); ++i) {
      text += (i > 0 ? ", " : "") + operation.arguments[i].text();
    }
    text += ")";
    if (operation.end == End::kPending) return text + ", pending";
    if (operation.end == End::kBlocked) return text + ", blocked";
    return operation.result.is_nothing() ? text : text + " -> " + operation.result.text();
  }
  std::string refusal(const Refusal& refusal) const {
    switch (refusal.why) {
      case Refusal::kResult:
        return "the model would give " + refusal.model.text();
      case Refusal::kBlocked:
        return "the model would wait";
      case Refusal::kEnabled:
        return "the model lets it go on, and gives " + refusal.model.text();
      default:
        return "what line " + std::to_string(line(refusal.after)) + " called had returned before";
    }
  }

  std::string violation(const Judgement& judgement) const {
    const std::size_t size = judgement.order.size();
    std::string text = "A longest legal order has " + std::to_string(size) + " steps";
    if (!judgement.part.is_nothing()) text += " (of the part " + judgement.part.text() + " alone)";
    text += size > kShownSteps ? "; its end:\n" : ":\n";
    for (std::size_t i = size - std::min(size, kShownSteps); i < size; ++i) {
      text += "  " + std::to_string(i + 1) + ". " + call(judgement.order[i]) + "\n";
    }
    text += "The model is then " + judgement.state + ", and nothing goes on from there:\n";
    for (const Refusal& each : judgement.refusals) {
      text += "  " + call(each.place) + ": " + refusal(each) + "\n";
    }
    return text;
  }

 private:
  const Specification& specification_;
  const HistoryFile& file_;
};

std::string refusal_json(const Words& words, const Refusal& refusal) {
  report::Fields fields;
  fields.number("line", words.line(refusal.place));
  fields.text("why", name_of(refusal.why));
  if (refusal.why == Refusal::kNotYet) {
    fields.number("after", words.line(refusal.after));
  } else if (refusal.why != Refusal::kBlocked) {
    fields.add("model", refusal.model.text());
  }
  fields.text("text", words.refusal(refusal));
  return fields.object();
}

std::string listed(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() > 1 ? ", " : "") + item;
  return text + "]";
}

std::string to_json(const Arguments& arguments, const HistoryFile& file, const Words& words,
                    const Judgement& judgement, int exit_code) {
  report::Fields fields;
  fields.number("version", 1);
  fields.text("verdict", name_of(judgement.verdict));
  fields.text("model", arguments.model);
  fields.number("operations", file.history.size());
  fields.number("threads", file.history.threads.size());
  fields.number("configurations", judgement.configurations);
  if (!judgement.part.is_nothing()) fields.add("part", judgement.part.text());
  std::vector<std::string> order;
  for (const Place place : judgement.order) order.push_back(std::to_string(words.line(place)));
  fields.add("order", listed(order));
  fields.text("state", judgement.state);
  std::vector<std::string> refusals;
  for (const Refusal& refusal : judgement.refusals) {
    refusals.push_back(refusal_json(words, refusal));
  }
  fields.add("refusals", listed(refusals));
  fields.number("exit_code", static_cast<std::uint64_t>(exit_code));
  return fields.object() + "\n";
}

int exit_code_of(linearize::Verdict verdict, bool strict) {
  if (verdict == linearize::Verdict::kViolated) return kExitViolated;
  return verdict == linearize::Verdict::kUndecided && strict ? kExitUndecided : kExitGood;
}

std::unique_ptr<Specification> model_of(const std::string& name) {
  try {
    return linearize::models::made(name);
  } catch (const ValueError& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

Judged judge_file(const Arguments& arguments) {
  const std::unique_ptr<Specification> model = model_of(arguments.model);
  const std::string& path = arguments.files.front();
  const std::string name = path == "-" ? "standard input" : path;
  const HistoryFile file = linearize::read_history(name, read_all(path), *model);
  Judgement judgement;
  try {
    judgement = linearize::judge(*model, file.history,
                                 {.seconds = std::strtod(arguments.seconds.c_str(), nullptr)});
  } catch (const ValueError& error) {  // arguments that the model cannot take
    throw linearize::HistoryFileError(name + ": " + error.what());
  }
  const Words words(*model, file);
  Judged judged;
  judged.exit_code = exit_code_of(judgement.verdict, arguments.strict);
  judged.json = to_json(arguments, file, words, judgement, judged.exit_code);
  if (judgement.verdict == linearize::Verdict::kViolated) judged.text = words.violation(judgement);
  judged.text += "weft: " + name + ": " + name_of(judgement.verdict) + ": " +
                 std::to_string(file.history.size()) + " operations of " +
                 std::to_string(file.history.threads.size()) + " threads, model " + arguments.model;
  if (judgement.verdict == linearize::Verdict::kUndecided) {
    judged.text += "; the limit is spent after " + std::to_string(judgement.configurations) +
                   " configurations, give more by --limit";
  }
  judged.text += "\n";
  return judged;
}

std::string models_help() {
  std::string text = "Models and their operations:\n";
  for (const auto& entry : linearize::models::catalogue()) {
    const std::unique_ptr<Specification> model = linearize::models::made(entry.name);
    text += "\n  " + entry.name;
    if (!entry.number.empty()) text += "          the number is " + entry.number;
    std::string line = "\n     ";
    for (const std::string& function : model->functions()) {
      if (line.size() + function.size() > 90) {
        text += line;
        line = "\n     ";
      }
      line += " " + function;
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace weft::cli
