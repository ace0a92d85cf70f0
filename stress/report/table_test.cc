// The table of findings that are made by hand: its shape, and what it folds.
#include "stress/report/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "stress/report/finding.h"
#include "stress/report/rows.h"
#include "stress/report/words.h"

namespace weft::report {
namespace {

// Frames of every finding here.
enum : unsigned { kLine10, kLine11, kOther, kAtomic, kLock, kInnerOfLock, kSemaphore };

Finding finding_with(std::size_t threads) {
  Finding finding;
  finding.kind = "assertion";
  finding.frames = {{"tested()", "some/folder/tested.cc", 10, Role::kTested},
                    {"tested()", "some/folder/tested.cc", 11, Role::kTested},
                    {"other()", "some/folder/other.cc", 7, Role::kTested},
                    {"load", "/usr/include/c++/12/bits/atomic_base.h", 500, Role::kLibrary},
                    {"weft::Lock::lock()", "primitives/threading/lock.h", 5, Role::kPrimitive},
                    {"inner", "primitives/base/mutex.h", 6, Role::kPrimitive},
                    {"std::counting_semaphore<4l>::acquire()", "/usr/include/c++/12/semaphore", 9,
                     Role::kLibrary}};
  finding.objects = {{"atomic 1", "atomic", Naming::kNumber, "heap"},
                     {"alice", "Lock", Naming::kGiven, "stack of body"},
                     {"total", "atomic", Naming::kSymbol, "global"}};
  for (std::size_t i = 0; i < threads; ++i) {
    Thread thread;
    thread.name = "t" + std::to_string(i);
    finding.threads.push_back(thread);
  }
  return finding;
}

Step step_of(unsigned thread, const std::string& operation, unsigned object,
             std::vector<unsigned> stack, const std::string& value = "0") {
  Step step;
  step.thread = thread;
  step.operation = operation;
  step.object = object;
  step.value = value;
  step.order = "seq_cst";
  step.size = 4;
  step.place = static_cast<unsigned>(stack.size()) - 1;
  step.stack = std::move(stack);
  return step;
}

Step load_of(unsigned thread, const std::string& value = "0") {
  return step_of(thread, "load", 0, {kAtomic, kLine10}, value);
}

std::vector<std::string> texts_of(const Finding& finding) {
  std::vector<std::string> texts;
  for (const Row& row : rows_of(finding)) {
    std::string text = row.text;
    for (const std::string& mark : row.marks) text += " (" + mark + ")";
    texts.push_back(text);
  }
  return texts;
}

using Texts = std::vector<std::string>;

std::size_t widest_line(const std::string& table) {
  std::istringstream lines(table);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

TEST(Rows, SayWhatEachAccessReadAndWrote) {
  Finding finding = finding_with(1);
  Step store = step_of(0, "store", 2, {kLine10}, "7");
  store.order = "release";
  store.before = "6";
  Step exchange = step_of(0, "exchange", 0, {kLine10}, "1");
  exchange.left = "2";
  Step add = step_of(0, "fetch_add", 0, {kLine10}, "2");
  add.left = "5";
  Step took = step_of(0, "compare_exchange", 0, {kLine10}, "5");
  took.left = "6";
  Step lost = took;
  lost.failed = true;
  Step weak = lost;
  weak.spurious = true;
  finding.steps = {load_of(0, "3"), store, exchange, add, took, lost, weak};
  EXPECT_EQ(texts_of(finding),
            (Texts{"atomic 1.load() -> 3", "total.store(7, release), was 6",
                   "atomic 1.exchange(2) -> 1", "atomic 1.fetch_add() 2 => 5",
                   "atomic 1.compare_exchange() 5 => 6", "atomic 1.compare_exchange() fails, is 5",
                   "atomic 1.compare_exchange() fails, for no reason, is 5"}));
}

TEST(Rows, FoldOneCallOfAPrimitiveAndNameItsObject) {
  Finding finding = finding_with(1);
  const std::vector<unsigned> stack = {kInnerOfLock, kLock, kLine10};
  finding.steps = {step_of(0, "waiting", 1, stack), step_of(0, "compare_exchange", 0, stack),
                   step_of(0, "exchange", 0, stack), step_of(0, "acquired", 1, stack), load_of(0)};
  EXPECT_EQ(texts_of(finding), (Texts{"Lock::lock 'alice' (2 steps)", "atomic 1.load() -> 0"}));
}

TEST(Rows, DoNotCountWhatAHookTells) {
  const std::vector<unsigned> stack = {kInnerOfLock, kLock, kLine10};
  for (const char* hook : {"waiting", "acquired", "released", "notified"}) {
    Finding finding = finding_with(1);
    finding.steps = {step_of(0, "exchange", 0, stack), step_of(0, hook, 1, stack),
                     step_of(0, "exchange", 0, stack)};
    EXPECT_EQ(texts_of(finding), Texts{"Lock::lock 'alice' (2 steps)"}) << hook;
  }
}

TEST(Rows, ShowWhereACallWasInterrupted) {
  Finding finding = finding_with(2);
  const std::vector<unsigned> stack = {kInnerOfLock, kLock, kLine10};
  Step other = load_of(1);
  other.preempted = other.switched = true;
  finding.steps = {step_of(0, "waiting", 1, stack), step_of(0, "compare_exchange", 0, stack), other,
                   step_of(0, "exchange", 0, stack), step_of(0, "exchange", 0, stack)};
  const std::vector<Row> rows = rows_of(finding);
  EXPECT_EQ(texts_of(finding), (Texts{"Lock::lock 'alice' ...", "atomic 1.load() -> 0",
                                      "... Lock::lock 'alice' (2 steps)"}));
  EXPECT_TRUE(rows.at(1).preempted);
  EXPECT_FALSE(rows.at(2).preempted);
}

TEST(Rows, DoNotBlameAThreadForWhatIsNotShown) {
  // Thread 1 did nothing but tell that it is about to lock; whoever goes on then took no turn from
  // thread 0, which had waited before.
  Finding finding = finding_with(3);
  Step waits = step_of(0, "lock", 0, {kLine10});
  waits.blocked = true;
  Step hook = step_of(1, "waiting", 1, {kLock, kLine11});
  hook.switched = true;
  Step next = load_of(2);
  next.switched = next.preempted = true;
  finding.steps = {waits, hook, next};
  const std::vector<Row> rows = rows_of(finding);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_FALSE(rows[1].preempted);
}

TEST(Rows, FoldRepetitionsOfARound) {
  Finding finding = finding_with(1);
  for (int i = 0; i < 100; ++i) {
    finding.steps.push_back(load_of(0));
    finding.steps.push_back(step_of(0, "yield", 0, {kLine11}));
  }
  finding.steps.push_back(load_of(0, "1"));
  EXPECT_EQ(texts_of(finding), (Texts{"atomic 1.load() -> 0", "yield (these 2 rows 100 times)",
                                      "atomic 1.load() -> 1"}));
}

TEST(Rows, DoNotFoldWhatDiffersInValues) {
  Finding finding = finding_with(1);
  for (int i = 0; i < 5; ++i) finding.steps.push_back(load_of(0, std::to_string(i)));
  EXPECT_EQ(texts_of(finding).size(), 5u);
}

TEST(Rows, JoinAWaitWithItsBeginning) {
  Finding finding = finding_with(2);
  Step wait = step_of(0, "wait", 0, {kLine10});
  wait.second = 1;
  Step begins = wait;
  begins.blocked = true;
  Step lock = step_of(1, "lock", 1, {kLine11});
  lock.blocked = true;
  lock.other = 0;
  Step got = step_of(1, "lock", 1, {kLine11});
  finding.steps = {wait, begins, lock, got};
  EXPECT_EQ(texts_of(finding), (Texts{"wait on atomic 1, giving up 'alice' (waits)",
                                      "lock 'alice' (waits, held by 't0')", "got 'alice'"}));
}

TEST(Rows, TellWhomAQuestionIsAbout) {
  Finding finding = finding_with(2);
  Step step = step_of(0, "ask", 0, {kLine10});
  step.object.reset();
  finding.steps.push_back(step);
  step.other = 1;
  finding.steps.push_back(step);
  EXPECT_EQ(texts_of(finding), (Texts{"asks about the others", "asks about 't1'"}));
}

TEST(Rows, TellInputThatCameFromInputThatIsWaitedFor) {
  Finding finding = finding_with(2);
  const auto add = [&](unsigned thread, const char* operation) -> Step& {
    Step step = step_of(thread, operation, 0, {kLine10});
    step.object.reset();
    return finding.steps.emplace_back(step);
  };
  add(0, "input").blocked = true;
  add(1, "output");
  add(0, "input");
  add(0, "input").blocked = true;
  add(1, "output");
  add(0, "input");
  add(0, "input").failed = true;
  EXPECT_EQ(texts_of(finding), (Texts{"input (waits)", "output", "got input", "input (waits)",
                                      "output", "got input", "input: nothing is there"}));
}

TEST(Rows, TellOfAThreadThatNeverGotItsTurnToWait) {
  Finding finding = finding_with(2);
  finding.steps = {load_of(0)};
  finding.threads[1].state = ThreadState::kWaits;
  finding.threads[1].operation = "lock";
  finding.threads[1].object = 1;
  finding.threads[1].holder = 0;
  finding.threads[1].stack = {kLine11};
  EXPECT_EQ(texts_of(finding),
            (Texts{"atomic 1.load() -> 0", "lock 'alice' (waits, held by 't0')"}));
  EXPECT_EQ(rows_of(finding)[1].where, "tested.cc:11");
}

TEST(Rows, ShortNamesKeepTheClassAndTheFunction) {
  EXPECT_EQ(short_name("weft::Lock::lock()"), "Lock::lock");
  EXPECT_EQ(short_name("void std::foo<std::vector<int> >::bar<int>(int)"), "foo::bar");
  EXPECT_EQ(short_name("acquire"), "acquire");
  EXPECT_EQ(short_name("a::(anonymous namespace)::B::operator()(int) const"), "B::operator()");
  EXPECT_EQ(short_name("std::atomic<int>::operator int() const"), "atomic::operator int");
  EXPECT_EQ(short_name(""), "");
}

Finding one_load_each(std::size_t threads) {
  Finding finding = finding_with(threads);
  for (unsigned i = 0; i < threads; ++i) {
    finding.steps.push_back(load_of(i));
    finding.steps.back().switched = i > 0;
    finding.steps.back().preempted = i == 1;
  }
  return finding;
}

TEST(Table, HasAColumnForEachThread) {
  EXPECT_EQ("\n" + table_of(one_load_each(2)), R"(
    | t0                   | t1                   | where
  --+----------------------+----------------------+-------------
  0 | atomic 1.load() -> 0 |                      | tested.cc:10
    | -- preempted --      |                      |
  1 |                      | atomic 1.load() -> 0 | tested.cc:10

  atomic 1 is on the heap; first used at tested.cc:10
  tested.cc is some/folder/tested.cc
)");
}

TEST(Table, OfFourThreadsFitsWhateverTheirNames) {
  Finding finding = one_load_each(4);
  for (Thread& thread : finding.threads) thread.name += std::string(200, 'x') + " and more";
  finding.objects[0].name = "a_rather_long_namespace::and_a_rather_long_variable";
  finding.objects[0].naming = Naming::kSymbol;
  for (const char* source : {"", "a_rather_long_namespace::and_a_rather_long_variable.load();"}) {
    finding.frames[kLine10].source = source;
    for (const std::size_t width : {100, 120, 140}) {
      const std::string table = table_of(finding, {.width = width});
      EXPECT_LE(widest_line(table), width) << table;
      EXPECT_NE(table.find("| where"), table.npos);
    }
  }
}

TEST(Table, ShowsTheSourceBesideEachStep) {
  Finding finding = one_load_each(2);
  finding.frames[kLine10].source = "if (total.load() == 0 && a_longer_condition(total)) {";
  EXPECT_EQ("\n" + table_of(finding, {.width = 100}), R"(
    | t0                   | t1                   | where        | source
  --+----------------------+----------------------+--------------+----------------------------------
  0 | atomic 1.load() -> 0 |                      | tested.cc:10 | if (total.load() == 0 && a_lon...
    | -- preempted --      |                      |
  1 |                      | atomic 1.load() -> 0 | tested.cc:10 | if (total.load() == 0 && a_lon...

  atomic 1 is on the heap; first used at tested.cc:10
  tested.cc is some/folder/tested.cc
)");
}

TEST(Table, LeavesSourceOutWhereThreadsNeedTheRoom) {
  Finding finding = one_load_each(4);
  finding.frames[kLine10].source = "if (total.load() == 0) {";
  EXPECT_NE(table_of(finding, {.width = 140}).find("| source"), std::string::npos);
  const std::string narrow = table_of(finding, {.width = 115});
  EXPECT_EQ(narrow.find("| source"), narrow.npos) << narrow;
  EXPECT_NE(narrow.find("| t3 "), narrow.npos) << "still a column each\n" << narrow;
}

TEST(Table, OfTooManyThreadsIsAList) {
  EXPECT_EQ("\n" + table_of(one_load_each(6), {.width = 70}), R"(
    | thread | step                                     | where
  0 | t0     | atomic 1.load() -> 0                     | tested.cc:10
    | t0     | -- preempted --                          |
  1 | t1     | atomic 1.load() -> 0                     | tested.cc:10
  2 | t2     | atomic 1.load() -> 0                     | tested.cc:10
  3 | t3     | atomic 1.load() -> 0                     | tested.cc:10
  4 | t4     | atomic 1.load() -> 0                     | tested.cc:10
  5 | t5     | atomic 1.load() -> 0                     | tested.cc:10

  atomic 1 is on the heap; first used at tested.cc:10
  tested.cc is some/folder/tested.cc
)");
}

TEST(Table, OfAVeryLongExecutionShowsItsBeginningAndItsEnd) {
  Finding finding = finding_with(1);
  for (int i = 0; i < 1000; ++i) finding.steps.push_back(load_of(0, std::to_string(i)));
  const std::string table = table_of(finding, {.rows = 40});
  EXPECT_NE(table.find("... 960 rows are left out; finding.json has all steps"), table.npos)
      << table;
  EXPECT_NE(table.find("load() -> 0 "), table.npos);
  EXPECT_NE(table.find("load() -> 999"), table.npos);
  EXPECT_EQ(table.find("load() -> 500"), table.npos);
}

TEST(Table, WrapsAtSpacesAndNeverInsideACharacter) {
  Finding finding = one_load_each(4);
  finding.objects[0].name = "";
  for (int i = 0; i < 60; ++i) finding.objects[0].name += "\xC3\xA4";
  finding.objects[0].naming = Naming::kSymbol;
  for (std::size_t width = 100; width < 104; ++width) {
    const std::string table = table_of(finding, {.width = width});
    for (std::size_t at = 0; (at = table.find('\xC3', at)) != table.npos; ++at) {
      ASSERT_EQ(table[at + 1], '\xA4') << table;
    }
  }
}

TEST(Table, IsNotBrokenByNames) {
  Finding finding = one_load_each(2);
  finding.threads[0].name = "bell\a and\nnew line";
  const std::string table = table_of(finding);
  EXPECT_NE(table.find("bell? and?new line"), table.npos) << table;
}

TEST(Table, ShowsPlacesWithTheirStacks) {
  Finding finding = one_load_each(2);
  finding.places = {{"write of 4 bytes at 'total'", 1, std::nullopt, {kAtomic, kLine11, kOther}},
                    {"notify_one, which woke nobody", 0, 0, {kLine10}},
                    {"made", std::nullopt, std::nullopt, {}}};
  EXPECT_TRUE(table_of(finding).ends_with(R"(
  t1: write of 4 bytes at 'total'
    #0 tested() at some/folder/tested.cc:11
    #1 other() at some/folder/other.cc:7
  t0: notify_one, which woke nobody (step 0)
    #0 tested() at some/folder/tested.cc:10
  made
)")) << table_of(finding);
}

TEST(Table, ShowsAccessesAboveItInTheSameWayAsPlacesBelow) {
  Finding finding = one_load_each(2);
  finding.frames[kOther].function = "other\n()";
  MemoryAccess access;
  access.operation = "write";
  access.object = 2;
  access.size = 4;
  access.stack = {kAtomic, kLine11, kOther};
  finding.accesses = {access};
  EXPECT_TRUE(table_of(finding).starts_with(R"(  t0: writes 4 bytes of total, before the first step
    #0 tested() at some/folder/tested.cc:11
    #1 other?() at some/folder/other.cc:7
)")) << table_of(finding);
}

TEST(MiddleOf, LeavesSoManyAtBothEndsAndAlwaysOne) {
  EXPECT_EQ(middle_of(8, 8), Middle{});
  EXPECT_EQ(middle_of(9, 8), (Middle{2, 3}));
  EXPECT_EQ(middle_of(1000, 40), (Middle{10, 970}));
  EXPECT_EQ(middle_of(5, 0), (Middle{0, 4}));
  EXPECT_EQ(middle_of(0, 0), Middle{});
}

TEST(Words, TellTheBodysEndLast) {
  EXPECT_EQ(body_last(finding_with(3)), (std::vector<unsigned>{1, 2, 0}));
  EXPECT_EQ(body_last(finding_with(1)), (std::vector<unsigned>{0}));
  EXPECT_EQ(body_last(finding_with(0)), std::vector<unsigned>());
}

TEST(Table, OfNothingIsEmpty) { EXPECT_EQ(table_of(Finding{}), ""); }

}  // namespace
}  // namespace weft::report
