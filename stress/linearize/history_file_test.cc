#include "stress/linearize/history_file.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "stress/linearize/convert.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/models/catalogue.h"

namespace weft::linearize {
namespace {

class Reading : public testing::Test {
 protected:
  HistoryFile read(const std::string& text) const { return read_history("f", text, *model_); }
  std::string error(const std::string& text) const {
    try {
      read(text);
    } catch (const HistoryFileError& error) {
      return error.what();
    }
    return "none";
  }
  const std::unique_ptr<Specification> model_ = models::made("queue");
};

TEST_F(Reading, TakesWholeCallsInAnyOrder) {
  const HistoryFile file = read(R"(
{"thread": "b", "operation": "get_nowait", "throws": "QueueEmpty", "invoked": 5, "returned": 6}
{"process": 7, "operation": "put", "arguments": [[1, 2.0, null, true]], "invoked": 1, "returned": 2}

{"thread": "b", "operation": "get", "result": 9007199254740993, "invoked": 3, "returned": 5}
{"thread": 7, "operation": "join", "invoked": 8, "end": "blocked"})");
  EXPECT_EQ(file.threads, (std::vector<std::string>{"\"b\"", "7"}));
  EXPECT_EQ(file.lines, (std::vector<std::vector<std::size_t>>{{5, 2}, {3, 6}}));
  const auto& b = file.history.threads[0];
  EXPECT_EQ(b[0].result, Value(std::int64_t{9007199254740993}));
  EXPECT_EQ(b[0].invoked, 3u);
  EXPECT_EQ(b[0].returned, 5u);
  EXPECT_EQ(b[1].result, thrown("QueueEmpty"));
  const auto& seven = file.history.threads[1];
  EXPECT_EQ(seven[0].arguments[0], Value(Value::List{1, 2.0, Value(), true}));
  EXPECT_TRUE(seven[0].result.is_nothing());
  EXPECT_EQ(seven[1].end, End::kBlocked);
  EXPECT_EQ(seven[1].returned, Operation::kNever);
}

TEST_F(Reading, TakesEventsInTheirOrder) {
  const HistoryFile file = read(R"({"event": "call", "thread": 0, "operation": "get"}
{"event": "call", "thread": 1, "operation": "put", "arguments": ["x"]}
{"event": "return", "thread": 1}
{"event": "return", "thread": 0, "result": "x"}
{"event": "call", "thread": 0, "operation": "get"}
{"event": "blocked", "thread": 0}
{"event": "call", "thread": 1, "operation": "get"}
)");
  const auto& threads = file.history.threads;
  EXPECT_EQ(threads[0][0].invoked, 1u);
  EXPECT_EQ(threads[0][0].returned, 4u);
  EXPECT_EQ(threads[0][1].end, End::kBlocked);
  EXPECT_EQ(threads[1][0].returned, 3u);
  EXPECT_EQ(threads[1][1].end, End::kPending);
  EXPECT_EQ(judge(*model_, file.history).verdict, Verdict::kLinearizable);
}

TEST_F(Reading, AnErrorHasItsLineAndWhatToDo) {
  const std::string call = R"({"thread": 0, "operation": "get", "invoked": 1, "returned": 2)";
  const std::string event = R"({"event": "call", "thread": 0, "operation": "get"})";
  const std::pair<std::string, std::string> cases[] = {
      {"{", "f:1: JSON, byte 1: expected \"; each line is one JSON object"},
      {"\n[]", "f:2: this is no JSON object; each line is one"},
      {call + R"(, "x": 1})", "f:1: there is no field \"x\" here; there are thread, process,"},
      {R"({"operation": "get", "invoked": 1, "returned": 2})",
       "f:1: \"thread\" is missing: a number or a name"},
      {R"({"thread": 0, "operation": "pop", "invoked": 1, "returned": 2})",
       "f:1: the model queue has no operation \"pop\"; it has put, get,"},
      {R"({"thread": 0, "operation": 1, "invoked": 1, "returned": 2})",
       "f:1: \"operation\" is to be a text"},
      {R"({"thread": 0, "operation": "get", "invoked": 1})",
       "f:1: \"returned\" is missing: the time of the return; of a call that did not return, say "
       "\"end\": \"pending\" or \"end\": \"blocked\""},
      {R"({"thread": 0, "operation": "get", "invoked": 1.5, "returned": 2})",
       "f:1: \"invoked\" is to be a time: an integer, not below 0, of any unit"},
      {R"({"thread": 0, "operation": "get", "invoked": 3, "returned": 2})",
       "f:1: \"returned\" is before \"invoked\""},
      {R"({"thread": 0, "operation": "get", "invoked": 1, "end": "killed"})",
       "f:1: \"end\" is \"pending\" (nobody knows whether it took effect) or \"blocked\""},
      {R"({"thread": 0, "operation": "get", "invoked": 1, "end": "pending", "result": 1})",
       "f:1: a call that ended pending did not return: leave out \"returned\", \"result\""},
      {call + R"(, "result": 1, "throws": "E"})", "f:1: it returned a \"result\" or it \"throws\""},
      {call + R"(, "result": {}})", "f:1: \"result\" has an object in it; write it as a list"},
      {call + R"(, "arguments": 1})", "f:1: \"arguments\" is to be a list, as in [1]"},
      {call + "}\n" + event, "f:2: line 1 is a whole call, and this an event; give all as the one"},
      {event + "\n" + call + "}", "f:2: line 1 is an event, and this a whole call; give all as"},
      {event + "\n\n" + event, "f:3: thread 0 is in a call since line 1; it returns first, or"},
      {R"({"event": "return", "thread": 0})",
       "f:1: thread 0 is in no call; a \"call\" comes first"},
      {R"({"event": "ok", "thread": 0})", "f:1: \"event\" is \"call\", \"return\", \"pending\""},
      {event + "\n" + R"({"event": "blocked", "thread": 0})" + "\n" + event,
       "f:3: thread 0 goes on after a call that did not return; give what comes then to another"},
      {event + "\n" + R"({"event": "blocked", "thread": 0})" + "\n" +
           R"({"event": "return", "thread": 0})",
       "f:3: thread 0 is in no call"},
      {call + "}\n" + call + "}",
       "f:2: thread 0 makes this call before that of line 1 has returned; one of the two is"},
      {R"({"thread": 0, "operation": "get", "invoked": 1, "end": "pending"})"
       "\n"
       R"({"thread": 0, "operation": "get", "invoked": 5, "returned": 6})",
       "f:2: thread 0 goes on after a call that did not return"},
  };
  for (const auto& [text, beginning] : cases) {
    const std::string what = error(text);
    EXPECT_EQ(what.substr(0, beginning.size()), beginning) << text;
  }
}

TEST_F(Reading, NothingIsAHistory) {
  EXPECT_EQ(read("").history.size(), 0u);
  EXPECT_EQ(read("\n \r\n").history.size(), 0u);
}

}  // namespace
}  // namespace weft::linearize
