// Each model: what it allows, and what it does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "stress/linearize/convert.h"
#include "stress/linearize/judge.h"
#include "stress/linearize/models/catalogue.h"

namespace weft::linearize::models {
namespace {

// Writes a history down in the order of its events.
class Story {
 public:
  explicit Story(std::string_view model) : model_(made(model)) {}

  Story& calls(unsigned thread, std::string_view function, std::vector<Value> arguments = {}) {
    const auto names = model_->functions();
    const auto at = std::find(names.begin(), names.end(), function);
    EXPECT_NE(at, names.end()) << function;
    if (thread >= history_.threads.size()) history_.threads.resize(thread + 1);
    history_.threads[thread].push_back({.function = static_cast<unsigned>(at - names.begin()),
                                        .arguments = std::move(arguments),
                                        .end = End::kBlocked,
                                        .invoked = ++time_});
    return *this;
  }
  Story& returns(unsigned thread, Value result = {}) {
    Operation& last = history_.threads[thread].back();
    last.end = End::kReturned;
    last.result = std::move(result);
    last.returned = ++time_;
    return *this;
  }
  Story& does(unsigned thread, std::string_view function, std::vector<Value> arguments = {},
              Value result = {}) {
    return calls(thread, function, std::move(arguments)).returns(thread, std::move(result));
  }
  Verdict verdict() const { return judge(*model_, history_).verdict; }

 private:
  std::shared_ptr<const Specification> model_;
  History history_;
  std::uint64_t time_ = 0;
};

#define EXPECT_LEGAL(story) EXPECT_EQ((story).verdict(), Verdict::kLinearizable)
#define EXPECT_ILLEGAL(story) EXPECT_EQ((story).verdict(), Verdict::kViolated)

TEST(Register, GivesWhatWasWrittenLast) {
  const auto story = [](Value last) {
    Story story("register:7");
    story.does(0, "read", {}, 7).does(0, "write", {"a"}).does(1, "exchange", {2}, "a");
    story.does(0, "compare_exchange", {1, 5}, false).does(1, "compare_exchange", {2, 3}, true);
    return story.does(0, "read", {}, std::move(last)).verdict();
  };
  EXPECT_EQ(story(3), Verdict::kLinearizable);
  for (const Value& wrong : {Value(2), Value(5), Value(7), Value()}) {
    EXPECT_EQ(story(wrong), Verdict::kViolated) << wrong.text();
  }
  EXPECT_LEGAL(Story("register").does(0, "read"));
}

TEST(Counter, Adds) {
  const auto story = [](int last) {
    Story story("counter:10");
    story.does(0, "increment").does(1, "add", {-3}).does(0, "fetch_add", {5}, 8);
    return story.does(1, "get", {}, last).verdict();
  };
  EXPECT_EQ(story(13), Verdict::kLinearizable);
  EXPECT_EQ(story(8), Verdict::kViolated);
}

TEST(Lock, IsHeldByOneAndReleasedByAny) {
  EXPECT_LEGAL(Story("lock")
                   .does(0, "acquire")
                   .does(1, "try_acquire", {}, false)
                   .does(1, "locked", {}, true)
                   .does(1, "release")
                   .does(1, "release", {}, thrown("RuntimeError"))
                   .does(1, "try_acquire", {}, true)
                   .calls(0, "acquire"));
  EXPECT_ILLEGAL(Story("lock").does(0, "acquire").does(1, "acquire"));
  EXPECT_ILLEGAL(Story("lock").does(0, "release"));
  EXPECT_ILLEGAL(Story("lock").does(0, "try_acquire", {}, false));
  EXPECT_ILLEGAL(Story("lock").calls(0, "acquire"));
}

TEST(RLock, IsItsHoldersAsOftenAsHeLikes) {
  EXPECT_LEGAL(Story("rlock")
                   .does(0, "acquire")
                   .does(0, "try_acquire", {}, true)
                   .does(0, "recursion_count", {}, 2)
                   .does(1, "recursion_count", {}, 0)
                   .does(1, "release", {}, thrown("RuntimeError"))
                   .does(1, "try_acquire", {}, false)
                   .does(0, "release")
                   .does(1, "locked", {}, true)
                   .does(0, "release")
                   .does(1, "acquire")
                   .calls(0, "acquire"));
  EXPECT_ILLEGAL(Story("rlock").does(0, "acquire").does(1, "acquire"));
  EXPECT_ILLEGAL(Story("rlock").does(0, "acquire").does(1, "release"));
  EXPECT_ILLEGAL(Story("rlock").does(0, "acquire").calls(0, "acquire"));
}

TEST(Semaphore, LetsAsManyInAsItCounts) {
  EXPECT_LEGAL(Story("semaphore:1")
                   .does(0, "acquire")
                   .does(0, "try_acquire", {}, false)
                   .does(1, "release", {2})
                   .does(1, "release", {0}, thrown("ValueError"))
                   .does(1, "value", {}, 2)
                   .does(1, "release")
                   .does(1, "value", {}, 3));
  EXPECT_LEGAL(Story("semaphore:0").calls(0, "acquire"));
  EXPECT_ILLEGAL(Story("semaphore:1").does(0, "acquire").does(1, "acquire"));
  EXPECT_ILLEGAL(Story("semaphore:1").calls(0, "acquire"));
  EXPECT_ILLEGAL(Story("semaphore:1").does(0, "release", {}, thrown("ValueError")));
}

TEST(BoundedSemaphore, DoesNotPassItsFirstValue) {
  EXPECT_LEGAL(Story("bounded_semaphore:2")
                   .does(0, "release", {}, thrown("ValueError"))
                   .does(0, "acquire")
                   .does(0, "release", {2}, thrown("ValueError"))
                   .does(0, "release")
                   .does(0, "value", {}, 2));
  EXPECT_ILLEGAL(Story("bounded_semaphore:2").does(0, "release"));
}

TEST(Event, LetsAllGoThatWaitWhenItIsSet) {
  EXPECT_LEGAL(Story("event").calls(0, "wait").does(1, "set").does(1, "clear").returns(0));
  EXPECT_LEGAL(Story("event")
                   .does(1, "set")
                   .does(0, "wait")
                   .does(0, "is_set", {}, true)
                   .does(1, "clear")
                   .does(0, "wait_for", {}, false)
                   .calls(0, "wait"));
  EXPECT_LEGAL(
      Story("event").calls(0, "wait_for").does(1, "set").does(1, "clear").returns(0, true));
  EXPECT_ILLEGAL(Story("event").calls(0, "wait").does(1, "set"));
  EXPECT_ILLEGAL(Story("event").does(1, "set").does(1, "clear").does(0, "wait"));
  EXPECT_ILLEGAL(Story("event").does(1, "set").does(0, "wait_for", {}, false));
}

TEST(Barrier, GivesEachRoundItsIndices) {
  EXPECT_LEGAL(Story("barrier:2")
                   .calls(0, "wait")
                   .does(2, "n_waiting", {}, 1)
                   .does(1, "wait", {}, 1)
                   .returns(0, 0)
                   .does(2, "n_waiting", {}, 0)
                   .calls(0, "wait"));
  EXPECT_LEGAL(Story("barrier:2")
                   .calls(0, "wait")
                   .does(1, "reset")
                   .returns(0, thrown("BrokenBarrierError"))
                   .does(1, "abort")
                   .does(0, "broken", {}, true)
                   .does(0, "wait", {}, thrown("BrokenBarrierError")));
  // A round that is complete is not reached by what comes after it.
  EXPECT_LEGAL(
      Story("barrier:2").calls(0, "wait").does(1, "wait", {}, 1).does(1, "abort").returns(0, 0));
  EXPECT_ILLEGAL(Story("barrier:2").calls(0, "wait").does(1, "wait", {}, 0).returns(0, 0));
  EXPECT_ILLEGAL(Story("barrier:2").does(0, "wait", {}, 0));
  EXPECT_ILLEGAL(Story("barrier:1").calls(0, "wait"));
  EXPECT_ILLEGAL(Story("barrier:2").calls(0, "wait").does(1, "n_waiting", {}, 1).does(1, "reset"));
  // The last one counts until it has let the others go.
  EXPECT_LEGAL(Story("barrier:2")
                   .calls(0, "wait")
                   .calls(1, "wait")
                   .does(2, "n_waiting", {}, 2)
                   .returns(0, 0)
                   .returns(1, 1));
  EXPECT_ILLEGAL(Story("barrier:2")
                     .calls(0, "wait")
                     .calls(1, "wait")
                     .does(2, "n_waiting", {}, 2)
                     .does(2, "reset")
                     .does(2, "n_waiting", {}, 2)
                     .returns(0, 0)
                     .returns(1, 1));
}

TEST(Condition, WakesWhoCameFirst) {
  const auto two = [] {
    Story story("condition");
    return story.calls(0, "wait").calls(1, "wait").does(2, "notify");
  };
  EXPECT_LEGAL(two().returns(0));
  EXPECT_LEGAL(two().returns(1));
  EXPECT_ILLEGAL(two().returns(0).returns(1));
  EXPECT_LEGAL(two());  // they came too late
  EXPECT_LEGAL(two().does(2, "notify", {3}).returns(0).returns(1));
  EXPECT_LEGAL(Story("condition").does(0, "notify_all").calls(1, "wait"));
  EXPECT_ILLEGAL(Story("condition").does(0, "notify_all").does(1, "wait"));
  EXPECT_LEGAL(Story("condition").calls(1, "wait_for").does(0, "notify").returns(1, true));
  EXPECT_LEGAL(Story("condition").calls(1, "wait_for").does(0, "notify").returns(1, false));
  EXPECT_ILLEGAL(Story("condition").does(1, "wait_for", {}, true));
}

TEST(Queue, IsFirstInFirstOut) {
  EXPECT_LEGAL(Story("queue:2")
                   .does(0, "put", {1})
                   .does(0, "put_nowait", {"b"})
                   .does(0, "put_nowait", {3}, thrown("QueueFull"))
                   .does(0, "try_put", {3}, false)
                   .does(0, "full", {}, true)
                   .does(1, "get", {}, 1)
                   .does(1, "get_nowait", {}, "b")
                   .does(1, "get_nowait", {}, thrown("QueueEmpty"))
                   .does(1, "try_get")
                   .does(1, "empty", {}, true)
                   .does(1, "qsize", {}, 0)
                   .does(1, "unfinished_tasks", {}, 2)
                   .calls(1, "get"));
  EXPECT_ILLEGAL(Story("queue").does(0, "put", {1}).does(0, "put", {2}).does(0, "get", {}, 2));
  EXPECT_ILLEGAL(Story("queue").does(0, "put", {1}).calls(0, "get"));
  EXPECT_ILLEGAL(Story("queue:1").does(0, "put", {1}).does(0, "put", {2}));
  EXPECT_ILLEGAL(Story("queue").does(0, "put", {1}).does(0, "try_get"));
  EXPECT_LEGAL(
      Story("queue:1").does(0, "put", {1}).does(0, "set_maximum", {2}).does(0, "put", {2}));
}

TEST(Queue, CountsWhatIsUnfinished) {
  EXPECT_LEGAL(Story("queue")
                   .does(0, "task_done", {}, thrown("ValueError"))
                   .does(0, "join")
                   .does(0, "put", {1})
                   .calls(1, "join"));
  EXPECT_LEGAL(Story("queue").does(0, "put", {1}).does(0, "task_done").does(1, "join"));
  EXPECT_ILLEGAL(Story("queue").does(0, "put", {1}).does(1, "join"));
}

TEST(Queue, ShutDownGivesWhatIsLeftAndTakesNothing) {
  EXPECT_LEGAL(Story("queue")
                   .does(0, "put", {1})
                   .does(0, "shutdown")
                   .does(0, "is_shut_down", {}, true)
                   .does(0, "put", {2}, thrown("QueueShutDown"))
                   .does(0, "get", {}, 1)
                   .does(0, "get", {}, thrown("QueueShutDown"))
                   .does(0, "get_nowait", {}, thrown("QueueShutDown"))
                   .does(0, "try_get", {}, thrown("QueueShutDown")));
  EXPECT_ILLEGAL(Story("queue").does(0, "shutdown").does(0, "try_get"));
  EXPECT_LEGAL(Story("queue")
                   .does(0, "put", {1})
                   .does(0, "shutdown_at_once")
                   .does(0, "get", {}, thrown("QueueShutDown"))
                   .does(0, "join"));
  EXPECT_ILLEGAL(Story("queue").does(0, "shutdown").does(0, "put", {2}));
}

TEST(LifoQueue, IsLastInFirstOut) {
  EXPECT_LEGAL(Story("lifo_queue")
                   .does(0, "put", {1})
                   .does(0, "put", {2})
                   .does(0, "get", {}, 2)
                   .does(0, "get", {}, 1));
  EXPECT_ILLEGAL(Story("lifo_queue").does(0, "put", {1}).does(0, "put", {2}).does(0, "get", {}, 1));
}

TEST(PriorityQueue, GivesTheLowestAndOfEqualsTheFirst) {
  const auto item = [](int rank, const char* text) { return Value(Value::List{rank, text}); };
  EXPECT_LEGAL(Story("priority_queue")
                   .does(0, "put", {item(2, "a")})
                   .does(0, "put", {item(1, "b")})
                   .does(0, "put", {item(1, "c")})
                   .does(0, "get", {}, item(1, "b"))
                   .does(0, "get", {}, item(1, "c"))
                   .does(0, "get", {}, item(2, "a")));
  EXPECT_ILLEGAL(
      Story("priority_queue").does(0, "put", {2}).does(0, "put", {1}).does(0, "get", {}, 2));
  EXPECT_ILLEGAL(Story("priority_queue")
                     .does(0, "put", {item(1, "b")})
                     .does(0, "put", {item(1, "c")})
                     .does(0, "get", {}, item(1, "c")));
}

TEST(Set, HoldsEachElementOnce) {
  EXPECT_LEGAL(Story("set")
                   .does(0, "add", {1}, true)
                   .does(0, "add", {1}, false)
                   .does(0, "add", {"1"}, true)
                   .does(0, "size", {}, 2)
                   .does(0, "remove", {1}, true)
                   .does(0, "remove", {1}, false)
                   .does(0, "contains", {1}, false)
                   .does(0, "contains", {"1"}, true));
  EXPECT_ILLEGAL(Story("set").does(0, "add", {1}, true).does(0, "add", {1}, true));
  EXPECT_ILLEGAL(Story("set").does(0, "add", {1}, true).does(0, "size", {}, 0));
}

TEST(Map, GivesWhatWasPutUnderAKey) {
  EXPECT_LEGAL(Story("map")
                   .does(0, "get", {"k"})
                   .does(0, "put", {"k", 1})
                   .does(0, "get", {"k"}, 1)
                   .does(0, "compare_exchange", {"k", 2, 3}, false)
                   .does(0, "compare_exchange", {"k", 1, 3}, true)
                   .does(0, "compare_exchange", {"l", Value(), 4}, true)
                   .does(0, "size", {}, 2)
                   .does(0, "remove", {"k"}, true)
                   .does(0, "remove", {"k"}, false)
                   .does(0, "append", {"t", "x"})
                   .does(0, "append", {"t", "y"})
                   .does(0, "get", {"t"}, "xy"));
  EXPECT_ILLEGAL(Story("map").does(0, "put", {"k", 1}).does(0, "get", {"k"}, 2));
  EXPECT_ILLEGAL(Story("kv").does(0, "put", {"k", 1}).does(0, "get", {"l"}, 1));
}

TEST(Future, HasOneOutcome) {
  EXPECT_LEGAL(Story("future")
                   .does(0, "done", {}, false)
                   .calls(1, "result")
                   .does(0, "set_running_or_notify_cancel", {}, true)
                   .does(0, "running", {}, true)
                   .does(0, "cancel", {}, false)
                   .does(0, "set_result", {5})
                   .returns(1, 5)
                   .does(0, "set_result", {6}, thrown("InvalidStateError"))
                   .does(0, "set_running_or_notify_cancel", {}, thrown("RuntimeError")));
  EXPECT_LEGAL(Story("future")
                   .does(0, "cancel", {}, true)
                   .does(0, "cancelled", {}, true)
                   .does(0, "set_running_or_notify_cancel", {}, false)
                   .does(0, "result", {}, thrown("CancelledError")));
  EXPECT_LEGAL(Story("future").does(0, "set_exception", {"E"}).does(0, "result", {}, thrown("E")));
  EXPECT_LEGAL(Story("future").calls(0, "result"));
  EXPECT_ILLEGAL(Story("future").does(0, "set_result", {5}).does(0, "set_result", {6}));
  // It counts as running while it is being set.
  EXPECT_LEGAL(Story("future")
                   .calls(0, "set_result", {5})
                   .does(1, "running", {}, true)
                   .does(1, "cancel", {}, false)
                   .does(1, "set_result", {6}, thrown("InvalidStateError"))
                   .returns(0));
  EXPECT_ILLEGAL(Story("future").does(0, "set_result", {5}).does(1, "running", {}, true));
  EXPECT_ILLEGAL(Story("future").calls(1, "result").does(0, "set_result", {5}));
}

TEST(Pool, RunsEachTaskOnce) {
  EXPECT_LEGAL(Story("pool")
                   .does(0, "submit", {1})
                   .does(0, "join", {}, thrown("ValueError"))
                   .does(0, "close")
                   .does(0, "submit", {2}, thrown("RuntimeError"))
                   .calls(0, "join")
                   .does(1, "run", {1}, true)
                   .returns(0));
  EXPECT_LEGAL(Story("pool").does(0, "submit", {1}).does(0, "terminate").does(0, "join"));
  EXPECT_ILLEGAL(
      Story("pool").does(0, "submit", {1}).does(1, "run", {1}, true).does(1, "run", {1}, true));
  EXPECT_ILLEGAL(Story("pool").does(0, "submit", {1}).does(0, "close").does(0, "join"));
}

TEST(Catalogue, RefusesWhatItDoesNotHave) {
  for (const char* name : {"", "stack", "queue:", "queue:x", "queue:-1", "barrier:0", "lock:1"}) {
    EXPECT_THROW(made(name), ValueError) << name;
  }
  for (const Entry& entry : catalogue()) EXPECT_NE(made(entry.name), nullptr);
}

}  // namespace
}  // namespace weft::linearize::models
