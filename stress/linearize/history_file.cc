#include "stress/linearize/history_file.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "stress/linearize/convert.h"
#include "stress/report/json_reader.h"

namespace weft::linearize {
namespace {

using report::Json;
using report::JsonObject;

// For an object there is no value.
std::optional<Value> value_of(const Json& json) {
  if (std::holds_alternative<std::nullptr_t>(json.value)) return Value();
  if (const auto* truth = std::get_if<bool>(&json.value)) return Value(*truth);
  if (json.integer) return Value(*json.integer);
  if (const auto* real = std::get_if<double>(&json.value)) return Value(*real);
  if (const auto* text = std::get_if<std::string>(&json.value)) return Value(*text);
  const auto* const array = std::get_if<report::JsonArray>(&json.value);
  if (array == nullptr) return std::nullopt;
  Value::List list;
  for (const Json& element : *array) {
    auto value = value_of(element);
    if (!value) return std::nullopt;
    list.push_back(*std::move(value));
  }
  return Value(std::move(list));
}

class Reader {
 public:
  Reader(std::string_view name, const Specification& specification)
      : name_(name), functions_(specification.functions()), model_(specification.name()) {}

  HistoryFile run(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      const std::size_t end = std::min(text.find('\n'), text.size());
      read_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    sort_threads();
    return std::move(file_);
  }

 private:
  struct Form {
    std::size_t first_line = 0;
    bool events = false;
  };

  [[noreturn]] void fail(std::size_t line, const std::string& what) const {
    throw HistoryFileError(name_ + ":" + std::to_string(line) + ": " + what);
  }
  [[noreturn]] void fail(const std::string& what) const { fail(line_, what); }

  void read_line(std::string_view text) {
    if (text.find_first_not_of(" \t\r") == text.npos) return;
    Json json;
    try {
      json = report::read_json(text);
    } catch (const report::JsonError& error) {
      fail(std::string(error.what()) + "; each line is one JSON object");
    }
    const auto* const object = std::get_if<JsonObject>(&json.value);
    if (object == nullptr) fail("this is no JSON object; each line is one");
    object_ = object;
    const bool events = object->contains("event");
    if (form_.first_line == 0) form_ = {line_, events};
    if (form_.events != events) {
      fail("line " + std::to_string(form_.first_line) + " " +
           (form_.events ? "is an event, and this a whole call"
                         : "is a whole call, and this an event") +
           "; give all as the one or the other");
    }
    events ? read_event() : read_call();
    object_ = nullptr;
  }

  void allow(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : *object_) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      std::string all;
      for (const std::string_view other : names) {
        all += (all.empty() ? "" : ", ") + std::string(other);
      }
      fail("there is no field \"" + name + "\" here; there are " + all);
    }
  }
  const Json* field(const std::string& name) const {
    const auto found = object_->find(name);
    return found == object_->end() ? nullptr : &found->second;
  }
  std::string text_of(const std::string& name) const {
    const Json* const json = field(name);
    if (json == nullptr) fail("\"" + name + "\" is missing");
    const auto* const text = std::get_if<std::string>(&json->value);
    if (text == nullptr) fail("\"" + name + "\" is to be a text");
    return *text;
  }
  Value value_of_field(const Json& json, const std::string& name) const {
    const auto value = value_of(json);
    if (!value) fail("\"" + name + "\" has an object in it; write it as a list");
    return *value;
  }

  unsigned thread() {
    const Json* json = field("thread");
    if (json == nullptr) json = field("process");
    if (json == nullptr) fail("\"thread\" is missing: a number or a name");
    const Value value = value_of_field(*json, "thread");
    const auto [at, fresh] =
        threads_.try_emplace(value.text(), static_cast<unsigned>(threads_.size()));
    if (fresh) {
      file_.threads.push_back(value.text());
      file_.history.threads.emplace_back();
      file_.lines.emplace_back();
    }
    return at->second;
  }

  Operation call() const {
    const std::string name = text_of("operation");
    const auto found = std::find(functions_.begin(), functions_.end(), name);
    if (found == functions_.end()) {
      std::string all;
      for (const std::string& other : functions_) all += (all.empty() ? "" : ", ") + other;
      fail("the model " + model_ + " has no operation \"" + name + "\"; it has " + all);
    }
    Operation operation{.function = static_cast<unsigned>(found - functions_.begin())};
    if (const Json* const arguments = field("arguments")) {
      const Value value = value_of_field(*arguments, "arguments");
      const auto* const list = value.get_if<Value::List>();
      if (list == nullptr) fail("\"arguments\" is to be a list, as in [1]");
      operation.arguments = *list;
    }
    return operation;
  }
  Value result() const {
    const Json* const json = field("result");
    const bool throws = field("throws") != nullptr;
    if (json != nullptr && throws) fail("it returned a \"result\" or it \"throws\", not both");
    if (throws) return thrown(text_of("throws"));
    return json == nullptr ? Value() : value_of_field(*json, "result");
  }
  std::uint64_t time(const std::string& name, const char* instead) const {
    const Json* const json = field(name);
    if (json == nullptr) fail("\"" + name + "\" is missing" + instead);
    if (!json->integer || *json->integer < 0) {
      fail("\"" + name + "\" is to be a time: an integer, not below 0, of any unit");
    }
    return static_cast<std::uint64_t>(*json->integer);
  }
  End end_of(const std::string& word, const char* name) const {
    if (word == "pending") return End::kPending;
    if (word == "blocked") return End::kBlocked;
    fail(std::string("\"") + name + "\" is \"pending\" (nobody knows whether it took effect) or " +
         "\"blocked\" (it waits, and nobody is left to let it go on), and here \"" + word + "\"");
  }

  void read_call() {
    allow({"thread", "process", "operation", "arguments", "result", "throws", "invoked", "returned",
           "end"});
    const unsigned thread_number = thread();
    Operation operation = call();
    operation.invoked = time("invoked", ": the time of the call");
    if (field("end") != nullptr) {
      operation.end = end_of(text_of("end"), "end");
      if (field("returned") || field("result") || field("throws")) {
        fail("a call that ended " + text_of("end") + " did not return: leave out \"returned\", " +
             "\"result\" and \"throws\"");
      }
    } else {
      operation.returned = time("returned",
                                ": the time of the return; of a call that did not return, say "
                                "\"end\": \"pending\" or \"end\": \"blocked\"");
      if (operation.returned < operation.invoked) fail("\"returned\" is before \"invoked\"");
      operation.result = result();
    }
    file_.history.threads[thread_number].push_back(std::move(operation));
    file_.lines[thread_number].push_back(line_);
  }

  void read_event() {
    const std::string event = text_of("event");
    const unsigned thread_number = thread();
    auto& operations = file_.history.threads[thread_number];
    const bool inside = !operations.empty() && operations.back().end == End::kPending &&
                        !ended_.contains(thread_number);
    if (event == "call") {
      allow({"event", "thread", "process", "operation", "arguments"});
      if (inside) {
        fail("thread " + file_.threads[thread_number] + " is in a call since line " +
             std::to_string(file_.lines[thread_number].back()) +
             "; it returns first, or what comes now is of another thread");
      }
      if (ended_.contains(thread_number)) fail_after_end(thread_number, line_);
      Operation operation = call();
      operation.end = End::kPending;
      operation.invoked = line_;
      operations.push_back(std::move(operation));
      file_.lines[thread_number].push_back(line_);
      return;
    }
    if (event != "return") {
      allow({"event", "thread", "process"});
    } else {
      allow({"event", "thread", "process", "result", "throws"});
    }
    if (event != "return" && event != "pending" && event != "blocked") {
      fail("\"event\" is \"call\", \"return\", \"pending\" or \"blocked\", and here \"" + event +
           "\"");
    }
    if (!inside) {
      fail("thread " + file_.threads[thread_number] + " is in no call; a \"call\" comes first");
    }
    Operation& last = operations.back();
    if (event == "return") {
      last.end = End::kReturned;
      last.result = result();
      last.returned = line_;
    } else {
      last.end = end_of(event, "event");
      ended_.insert({thread_number, line_});
    }
  }

  [[noreturn]] void fail_after_end(unsigned thread, std::size_t line) const {
    fail(line, "thread " + file_.threads[thread] +
                   " goes on after a call that did not return; give what comes then to another "
                   "thread");
  }

  // Whole calls may stand in any order.
  void sort_threads() {
    if (form_.events) return;
    for (unsigned thread = 0; thread < file_.threads.size(); ++thread) {
      std::vector<std::pair<Operation, std::size_t>> calls;
      auto& operations = file_.history.threads[thread];
      auto& lines = file_.lines[thread];
      for (std::size_t i = 0; i < operations.size(); ++i) {
        calls.emplace_back(std::move(operations[i]), lines[i]);
      }
      std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.invoked, a.second) < std::pair(b.first.invoked, b.second);
      });
      for (std::size_t i = 0; i < calls.size(); ++i) {
        if (i > 0 && calls[i - 1].first.end != End::kReturned) {
          fail_after_end(thread, calls[i].second);
        }
        if (i > 0 && calls[i].first.invoked < calls[i - 1].first.returned) {
          fail(calls[i].second, "thread " + file_.threads[thread] +
                                    " makes this call before that of line " +
                                    std::to_string(calls[i - 1].second) +
                                    " has returned; one of the two is another thread's");
        }
        operations[i] = std::move(calls[i].first);
        lines[i] = calls[i].second;
      }
    }
  }

  const std::string name_;
  const std::span<const std::string> functions_;
  const std::string model_;
  HistoryFile file_;
  std::size_t line_ = 0;
  const JsonObject* object_ = nullptr;
  Form form_;
  std::map<std::string, unsigned> threads_;
  std::map<unsigned, std::size_t> ended_;  // threads that said that they do not return
};

}  // namespace

HistoryFile read_history(std::string_view name, std::string_view text,
                         const Specification& specification) {
  return Reader(name, specification).run(text);
}

}  // namespace weft::linearize
