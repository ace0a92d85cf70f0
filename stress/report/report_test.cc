// Findings of the explorer as a user gets them: the tables, the files, and the schedules that repeat
// them.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <regex>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>

#include "primitives/annotate.h"
#include "primitives/threading/lock.h"
#include "stress/check.h"
#include "stress/report/finding_json.h"
#include "stress/report/table.h"
#include "stress/run_self_for_test.h"

namespace {

using weft::internal::run_self;
using weft::internal::SelfRun;
using weft::report::Finding;

// --- Tests that fail. They run only as children of the tests below. ---

std::atomic<int> total{0};
int read_total() { return total.load(std::memory_order_acquire); }

TEST(DISABLED_Report, LostUpdate) {
  weft::check([](weft::Run& run) {
    std::atomic<int> counter{0};
    total = 0;
    const auto add = [&] {
      const int seen = counter;
      counter = seen + 1;
      ++total;
    };
    run.thread("left", add);
    run.thread("right", add);
    run.join();
    run.require(counter == read_total(), "two additions make two");
  });
}

TEST(DISABLED_Report, TwoLocks) {
  weft::check([](weft::Run& run) {
    weft::Lock alice, bob;
    weft::annotate::named(&alice, "alice");
    weft::annotate::named(&bob, "bob");
    run.thread("alice to bob", [&] {
      std::scoped_lock from(alice);
      std::scoped_lock to(bob);
    });
    run.thread("bob to alice", [&] {
      std::scoped_lock from(bob);
      std::scoped_lock to(alice);
    });
    run.join();
  });
}

std::mutex global_mutex;

TEST(DISABLED_Report, TwoMutexes) {
  weft::check([](weft::Run& run) {
    std::mutex local;
    run.thread("one", [&] {
      std::lock_guard first(global_mutex);
      std::lock_guard second(local);
    });
    run.thread("two", [&] {
      std::lock_guard first(local);
      std::lock_guard second(global_mutex);
    });
    run.join();
  });
}

TEST(DISABLED_Report, LostWakeUp) {
  weft::check([](weft::Run& run) {
    std::mutex mutex;
    std::condition_variable changed;
    std::atomic<bool> ready{false};
    run.thread("consumer", [&] {
      std::unique_lock lock(mutex);
      while (!ready) changed.wait(lock);
    });
    run.thread("producer", [&] {
      ready = true;  // without the mutex
      changed.notify_one();
    });
    run.join();
  });
}

TEST(DISABLED_Report, FailedExpectation) {
  weft::check([](weft::Run& run) {
    std::atomic<int> stage{0};
    run.thread("writer", [&] {
      stage.store(1, std::memory_order_relaxed);
      stage.store(2, std::memory_order_release);
    });
    run.thread("reader", [&] { EXPECT_NE(stage.load(), 1) << "half-way is visible"; });
    run.join();
  });
}

TEST(DISABLED_Report, Spins) {
  weft::check([](weft::Run& run) {
    std::atomic<bool> go{false};
    run.thread("waiter", [&] {
      while (!go) std::this_thread::yield();
    });
    run.thread("forgetful", [&] {});
    run.join();
  });
}

TEST(DISABLED_Report, SixThreads) {
  weft::check([](weft::Run& run) {
    std::counting_semaphore<4> room(1);
    std::atomic<int>* inside = new std::atomic<int>(0);
    for (int i = 0; i < 6; ++i) {
      run.thread("guest " + std::to_string(i), [&room, inside, i] {
        if (i != 3) room.acquire();
        EXPECT_EQ(inside->fetch_add(1), 0);
        inside->fetch_sub(1);
        if (i != 3) room.release();
      });
    }
    run.join();
    delete inside;
  });
}

TEST(DISABLED_Report, Misuse) {
  weft::check([](weft::Run& run) {
    std::mutex mutex;
    std::atomic<int> turn{0};
    run.thread("careful", [&] {
      mutex.lock();
      turn = 1;
      mutex.unlock();
    });
    run.thread("careless", [&] {
      if (turn == 1) mutex.unlock();
    });
    run.join();
  });
}

TEST(DISABLED_Report, Throws) {
  weft::check([](weft::Run& run) {
    std::atomic<int> turn{0};
    run.thread("setter", [&] { turn = 1; });
    run.thread("thrower", [&] {
      if (turn == 1) throw std::runtime_error("too early");
    });
    run.thread("aborter", [&] {
      if (turn == 1) std::abort();
    });
    run.join();
  });
}

TEST(DISABLED_Report, Timed) {
  weft::check([](weft::Run& run) {
    std::timed_mutex mutex;
    run.thread("holder", [&] {
      mutex.lock();
      std::this_thread::sleep_for(std::chrono::seconds(1));
      mutex.unlock();
    });
    run.thread("hasty", [&] {
      const bool in_time = mutex.try_lock_for(std::chrono::milliseconds(1));
      if (in_time) mutex.unlock();
      run.require(in_time, "in time");
    });
    run.join();
  });
}

TEST(DISABLED_Report, Values) {
  weft::check([](weft::Run& run) {
    static std::atomic<std::int64_t> big;
    static std::atomic<int> small;
    static std::atomic<bool> flag;
    static std::atomic<int*> pointer;
    const auto node = std::make_unique<int>(1);
    big = -5'000'000'000;
    big = 5'000'000'000;
    small = -1;
    flag = true;
    pointer = node.get();
    int* expected = nullptr;
    pointer.compare_exchange_strong(expected, nullptr);
    run.join();
    run.require(big + small == 0 && !flag && pointer == nullptr, "all is as it was");
  });
}

TEST(DISABLED_Report, Names) {
  std::printf("an address: %p\n", static_cast<void*>(&total));
  weft::check([](weft::Run& run) {
    static std::mutex of_function;
    auto heap = std::make_unique<std::atomic<int>>(0);
    auto other = std::make_unique<std::atomic<void*>>(nullptr);
    weft::Lock named, unnamed;
    weft::annotate::named(&named, "named");
    run.thread("first", [&] {
      const std::lock_guard guard(of_function);
      std::lock_guard both(named);
      other->store(heap.get());
      heap->fetch_add(1);
    });
    run.thread("second", [&] {
      std::lock_guard both(unnamed);
      heap->fetch_add(1);
      total = heap->load();
    });
    run.join();
    run.require(total != 2, "some interleaving makes two");
  });
}

// --- What they print -----------------------------------------------------------

SelfRun run_case(const std::string& name, std::map<std::string, std::string> environment = {}) {
  environment.emplace("WEFT_STRATEGY", "exhaustive:2");
  return run_self({.filter = "DISABLED_Report." + name, .environment = std::move(environment)});
}

Finding finding_of(const SelfRun& run, const std::string& name) {
  const auto file = run.outputs.find("DISABLED_Report." + name + ".finding.json");
  EXPECT_NE(file, run.outputs.end()) << "no finding was written:\n" << run.output;
  return file == run.outputs.end() ? Finding() : weft::report::finding_from_json(file->second);
}

// Without the numbers of lines, which change with this file.
std::string table_of(const std::string& name) {
  const SelfRun run = run_case(name);
  EXPECT_EQ(run.exit_code, 1) << run.output;
  const Finding finding = finding_of(run, name);
  std::string table = weft::report::table_of(finding);
  EXPECT_TRUE(run.prints(table)) << "the file says otherwise than the text:\n" << table << run.output;
  table = std::regex_replace(table, std::regex("\\.(cc|h):\\d+"), ".$1:N");
  return "\n" + std::regex_replace(table, std::regex("\\+-+\n"), "+---\n");
}

TEST(Table, OfALostUpdateShowsWhatWasReadAndWritten) {
  EXPECT_EQ(table_of("LostUpdate"), R"(
     | body                     | left                     | right                    | where
  ---+--------------------------+--------------------------+--------------------------+---
   0 | total.store(0)           |                          |                          | report_test.cc:N
   1 | start 'left'             |                          |                          | report_test.cc:N
   2 | start 'right'            |                          |                          | report_test.cc:N
   3 | join 'left'              |                          |                          | report_test.cc:N
     |   (waits for its end)    |                          |                          |
   4 |                          |                          | atomic 1.load() -> 0     | report_test.cc:N
     |                          |                          | -- preempted --          |
   5 |                          | atomic 1.load() -> 0     |                          | report_test.cc:N
   6 |                          | atomic 1.store(1)        |                          | report_test.cc:N
   7 |                          | total.fetch_add() 0 => 1 |                          | report_test.cc:N
   8 | joined 'left'            |                          |                          | report_test.cc:N
   9 | join 'right'             |                          |                          | report_test.cc:N
     |   (waits for its end)    |                          |                          |
  10 |                          |                          | atomic 1.store(1)        | report_test.cc:N
  11 |                          |                          | total.fetch_add() 1 => 2 | report_test.cc:N
  12 | joined 'right'           |                          |                          | report_test.cc:N
  13 | atomic 1.load() -> 1     |                          |                          | report_test.cc:N
  14 | total.load(acquire) -> 2 |                          |                          | report_test.cc:N
  15 | a property is violated   |                          |                          | report_test.cc:N

  atomic 1 is on the stack of body; first used at report_test.cc:N
  report_test.cc is stress/report/report_test.cc
)");
}

TEST(Table, OfTwoLocksNamesThemAndTheirHolders) {
  EXPECT_EQ(table_of("TwoLocks"), R"(
     | body                  | alice to bob                      | bob to alice                      | where
  ---+-----------------------+-----------------------------------+-----------------------------------+---
   0 | start 'alice to bob'  |                                   |                                   | report_test.cc:N
   1 | start 'bob to alice'  |                                   |                                   | report_test.cc:N
   2 | join 'alice to bob'   |                                   |                                   | report_test.cc:N
     |   (waits for its end) |                                   |                                   |
   4 |                       |                                   | lock 'bob' (2 steps)              | report_test.cc:N
     |                       |                                   | -- preempted --                   |
   9 |                       | lock 'alice' (2 steps)            |                                   | report_test.cc:N
  12 |                       | lock 'bob' (4 steps)              |                                   | report_test.cc:N
     |                       |   (waits, held by 'bob to alice') |                                   |
  18 |                       |                                   | lock 'alice' (4 steps)            | report_test.cc:N
     |                       |                                   |   (waits, held by 'alice to bob') |

  report_test.cc is stress/report/report_test.cc
  alice to bob waits for Lock 'bob' held by bob to alice
    #0 lock at primitives/threading/lock.h:N
    #1 operator() at stress/report/report_test.cc:N
  bob to alice waits for Lock 'alice' held by alice to bob
    #0 lock at primitives/threading/lock.h:N
    #1 operator() at stress/report/report_test.cc:N
  body waits for the end of alice to bob
    #0 operator() at stress/report/report_test.cc:N
)");
}

TEST(Table, OfTwoMutexesShowsTheCycle) {
  EXPECT_EQ(table_of("TwoMutexes"), R"(
    | body                  | one                      | two                      | where
  --+-----------------------+--------------------------+--------------------------+---
  0 | start 'one'           |                          |                          | report_test.cc:N
  1 | start 'two'           |                          |                          | report_test.cc:N
  2 | join 'one'            |                          |                          | report_test.cc:N
    |   (waits for its end) |                          |                          |
  3 |                       |                          | lock mutex 1             | report_test.cc:N
    |                       |                          | -- preempted --          |
  4 |                       | lock global_mutex        |                          | report_test.cc:N
  5 |                       | lock mutex 1             |                          | report_test.cc:N
    |                       |   (waits, held by 'two') |                          |
    |                       |                          | lock global_mutex        | report_test.cc:N
    |                       |                          |   (waits, held by 'one') |

  mutex 1 is on the stack of body; first used at report_test.cc:N
  report_test.cc is stress/report/report_test.cc
  one waits for mutex 1 held by two
    #0 operator() at stress/report/report_test.cc:N
  two waits for mutex global_mutex held by one
    #0 operator() at stress/report/report_test.cc:N
  body waits for the end of one
    #0 operator() at stress/report/report_test.cc:N
)");
}

TEST(Table, OfALostWakeUpShowsTheNotificationThatWokeNobody) {
  EXPECT_EQ(table_of("LostWakeUp"), R"(
     | body                  | consumer                         | producer                          | where
  ---+-----------------------+----------------------------------+-----------------------------------+---
   0 | start 'consumer'      |                                  |                                   | report_test.cc:N
   1 | start 'producer'      |                                  |                                   | report_test.cc:N
   2 | join 'consumer'       |                                  |                                   | report_test.cc:N
     |   (waits for its end) |                                  |                                   |
   3 |                       | lock mutex 1                     |                                   | report_test.cc:N
   4 |                       | atomic 1.load() -> 0             |                                   | report_test.cc:N
   5 |                       | wait on condition 1, giving up   |                                   | report_test.cc:N
     |                       |   mutex 1                        |                                   |
   6 |                       | the wait ends for no reason      |                                   | report_test.cc:N
   7 |                       | has mutex 1 again                |                                   | report_test.cc:N
   8 |                       | atomic 1.load() -> 0             |                                   | report_test.cc:N
     |                       | -- preempted --                  |                                   |
   9 |                       |                                  | atomic 1.store(1)                 | report_test.cc:N
  10 |                       |                                  | notify_one condition 1, wakes     | report_test.cc:N
     |                       |                                  |   nobody                          |
  11 |                       | wait on condition 1, giving up   |                                   | report_test.cc:N
     |                       |   mutex 1                        |                                   |
     |                       |   (waits)                        |                                   |

  mutex 1 is on the stack of body; first used at report_test.cc:N
  atomic 1 is on the stack of body; first used at report_test.cc:N
  condition 1 is on the stack of body; first used at report_test.cc:N
  report_test.cc is stress/report/report_test.cc
  consumer waits for a notification of condition 1
    #0 operator() at stress/report/report_test.cc:N
  body waits for the end of consumer
    #0 operator() at stress/report/report_test.cc:N
)");
}

TEST(Table, OfAFailedExpectationShowsWhereItFailed) {
  EXPECT_EQ(table_of("FailedExpectation"), R"(
     | body                  | writer                     | reader                         | where
  ---+-----------------------+----------------------------+--------------------------------+---
   0 | start 'writer'        |                            |                                | report_test.cc:N
   1 | start 'reader'        |                            |                                | report_test.cc:N
   2 | join 'writer'         |                            |                                | report_test.cc:N
     |   (waits for its end) |                            |                                |
   3 |                       | atomic 1.store(1, relaxed) |                                | report_test.cc:N
     |                       | -- preempted --            |                                |
   4 |                       |                            | atomic 1.load() -> 1           | report_test.cc:N
   5 |                       |                            | an expectation fails (8 steps) | report_test.cc:N
  13 |                       | atomic 1.store(2, release) |                                | report_test.cc:N
  14 | joined 'writer'       |                            |                                | report_test.cc:N
  15 | joined 'reader'       |                            |                                | report_test.cc:N

  atomic 1 is on the stack of body; first used at report_test.cc:N
  report_test.cc is stress/report/report_test.cc
)");
}

TEST(Table, OfASpinningThreadFoldsItsRounds) {
  EXPECT_EQ(table_of("Spins"), R"(
       | body                  | waiter                      | where
  -----+-----------------------+-----------------------------+---
     0 | start 'waiter'        |                             | report_test.cc:N
     1 | start 'forgetful'     |                             | report_test.cc:N
     2 | join 'waiter'         |                             | report_test.cc:N
       |   (waits for its end) |                             |
     3 |                       | atomic 1.load() -> 0        | report_test.cc:N
     4 |                       | yield                       | report_test.cc:N
       |                       |   (these 2 rows 2500 times) |
  5003 |                       | atomic 1.load() -> 0        | report_test.cc:N

  atomic 1 is on the stack of body; first used at report_test.cc:N
  report_test.cc is stress/report/report_test.cc
  waiter could go on
    #0 operator() at stress/report/report_test.cc:N
  body waits for the end of waiter
    #0 operator() at stress/report/report_test.cc:N
)");
}

TEST(Table, OfManyThreadsIsAList) {
  const std::string table = table_of("SixThreads");
  EXPECT_NE(table.find("| thread  | step "), table.npos) << table;
  EXPECT_NE(table.find("| guest 3 | atomic 2.fetch_add() 0 => 1 "), table.npos) << table;
}

TEST(Table, OfAMisuseMarksTheCall) {
  const std::string table = table_of("Misuse");
  EXPECT_NE(table.find("unlock mutex 1"), table.npos) << table;
  EXPECT_NE(table.find("(misuse)"), table.npos) << table;
}

TEST(Table, OfATimedWaitShowsThatItGaveUp) {
  const SelfRun run = run_case("Timed", {{"WEFT_STRATEGY", "random_walk"}});
  EXPECT_TRUE(run.prints("time is up for mutex 1")) << run.output;
}

TEST(Table, ShowsValuesAsTheirTypesMeanThem) {
  EXPECT_EQ(table_of("Values"), R"(
    | body                                           | where
  --+------------------------------------------------+---
  0 | big.store(-5000000000)                         | report_test.cc:N
  1 | big.store(5000000000)                          | report_test.cc:N
  2 | small.store(-1)                                | report_test.cc:N
  3 | flag.store(1)                                  | report_test.cc:N
  4 | pointer.store(pointer 1)                       | report_test.cc:N
  5 | pointer.compare_exchange() fails, is pointer 1 | report_test.cc:N
  6 | big.load() -> 5000000000                       | report_test.cc:N
  7 | small.load() -> -1                             | report_test.cc:N
  8 | a property is violated                         | report_test.cc:N

  report_test.cc is stress/report/report_test.cc
)");
}

// --- Names -----------------------------------------------------------------------

std::string address_in(const SelfRun& run) {
  std::smatch found;
  const bool is_there = std::regex_search(run.output, found, std::regex("an address: (\\S+)"));
  return is_there ? found[1].str() : "";
}

TEST(Names, AreTheSameInEveryProcess) {
  SelfRun first = run_case("Names");
  SelfRun second = run_case("Names");
  ASSERT_NE(address_in(first), "");
  ASSERT_NE(address_in(first), address_in(second)) << "addresses are not randomised here";
  Finding one = finding_of(first, "Names");
  Finding other = finding_of(second, "Names");
  one.seconds = other.seconds = 0;
  EXPECT_FALSE(one.steps.empty());
  EXPECT_EQ(to_json(one), to_json(other));
}

TEST(Names, SayWhatAnObjectIs) {
  const Finding finding = finding_of(run_case("Names"), "Names");
  const auto has = [&](const char* words, weft::report::Naming naming, const char* memory) {
    for (const weft::report::Object& object : finding.objects) {
      if (object.name == words && object.naming == naming && object.memory == memory) return true;
    }
    return false;
  };
  using weft::report::Naming;
  EXPECT_TRUE(has("total", Naming::kSymbol, "global"));
  EXPECT_TRUE(has("named", Naming::kGiven, "stack of body"));
  EXPECT_TRUE(has("Lock 1", Naming::kNumber, "stack of body"));
  EXPECT_TRUE(has("atomic 1", Naming::kNumber, "heap"));
  bool has_static = false;
  for (const auto& object : finding.objects) {
    has_static |= object.kind == "mutex" && object.naming == Naming::kSymbol &&
                  object.name.find("of_function") != std::string::npos;
  }
  EXPECT_TRUE(has_static) << "a function's static has a symbol, too";
}

// --- Schedules -------------------------------------------------------------------

TEST(Schedule, PastedFromAReportFailsIdentically) {
  for (const char* name : {"LostUpdate", "TwoLocks", "TwoMutexes", "LostWakeUp", "FailedExpectation",
                           "Spins", "SixThreads", "Misuse", "Throws", "Timed", "Values", "Names"}) {
    // Found by whatever strategy, printed, ...
    const SelfRun found = run_case(name, {{"WEFT_STRATEGY", "mixed"}});
    std::smatch printed;
    ASSERT_TRUE(std::regex_search(found.output, printed, std::regex("WEFT_SCHEDULE=(\\S+)")))
        << found.output;
    // ... pasted, ...
    const SelfRun again = run_case(name, {{"WEFT_SCHEDULE", printed[1].str()}});
    EXPECT_EQ(again.exit_code, 1) << again.output;
    // ... and the same in all that the report says, but for how long it was looked for.
    Finding one = finding_of(found, name);
    Finding other = finding_of(again, name);
    EXPECT_EQ(other.strategy, "replay");
    EXPECT_FALSE(one.steps.empty()) << name;
    for (Finding* each : {&one, &other}) {
      each->seconds = 0;
      each->execution = each->executions = each->distinct = 0;
      each->strategy = each->replay = each->bounds = "";
    }
    EXPECT_EQ(to_json(one), to_json(other)) << name;
  }
}

std::string schedule_of(const std::string& name) {
  return finding_of(run_case(name), name).schedule;
}

TEST(Schedule, OfAnotherProgramIsRefusedAndSaysWhatToDo) {
  std::string edited = schedule_of("LostUpdate");
  ASSERT_FALSE(edited.empty());
  edited.back() = edited.back() == '0' ? '1' : '0';  // the digest
  const std::string others[] = {edited, schedule_of("TwoMutexes"), schedule_of("SixThreads")};
  for (const std::string& schedule : others) {
    const SelfRun run = run_case("LostUpdate", {{"WEFT_SCHEDULE", schedule}});
    EXPECT_EQ(run.exit_code, 1);
    EXPECT_TRUE(run.prints("stale schedule: this schedule is not from this program and body"))
        << schedule << "\n" << run.output;
    EXPECT_TRUE(run.prints("search anew without WEFT_SCHEDULE")) << run.output;
    EXPECT_EQ(finding_of(run, "LostUpdate").kind, "stale schedule");
  }
}

TEST(Schedule, ThatIsDamagedIsRefusedAndSaysWhatToDo) {
  const std::string whole = schedule_of("LostUpdate");
  const std::string bad[] = {whole.substr(0, whole.size() / 2), whole.substr(1), whole + "-1",
                             "w2" + whole.substr(2), "w1-1-!!-1"};
  for (const std::string& schedule : bad) {
    const SelfRun run = run_case("LostUpdate", {{"WEFT_SCHEDULE", schedule}});
    EXPECT_NE(run.exit_code, 0);
    EXPECT_TRUE(run.prints("WEFT_SCHEDULE")) << run.output;
    EXPECT_TRUE(run.prints("copy it whole from a report")) << schedule << "\n" << run.output;
  }
}

}  // namespace
