// Findings of the explorer as a user gets them: the tables.
#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "stress/report/failing_cases.h"
#include "stress/report/table.h"

namespace weft::report {
namespace {

using internal::SelfRun;

// Without sources and the numbers of lines, which change with this file.
std::string table_of_case(const std::string& name) {
  const SelfRun run = run_case(name);
  EXPECT_EQ(run.exit_code, 1) << run.output;
  Finding finding = finding_of(run, name);
  const std::string printed = table_of(finding);
  EXPECT_TRUE(run.prints(printed)) << "the file says otherwise than the text:\n"
                                   << printed << run.output;
  // Wide enough that the length of a line's number changes nothing.
  for (Frame& frame : finding.frames) frame.source.clear();
  std::string table = table_of(finding, {.width = 160});
  table = std::regex_replace(table, std::regex("\\.(cc|h):\\d+"), ".$1:N");
  return "\n" + std::regex_replace(table, std::regex("\\+-+\n"), "+---\n");
}

TEST(Table, OfALostUpdateShowsWhatWasReadAndWritten) {
  EXPECT_EQ(table_of_case("LostUpdate"), R"(
     | body                     | left                     | right                    | where
  ---+--------------------------+--------------------------+--------------------------+---
   0 | start 'left'             |                          |                          | failing_cases.cc:N
   1 | start 'right'            |                          |                          | failing_cases.cc:N
   2 | join 'left'              |                          |                          | failing_cases.cc:N
     |   (waits for its end)    |                          |                          |
   3 |                          | atomic 1.load() -> 0     |                          | failing_cases.cc:N
     |                          | -- preempted --          |                          |
   4 |                          |                          | atomic 1.load() -> 0     | failing_cases.cc:N
   5 |                          |                          | atomic 1.store(1), was 0 | failing_cases.cc:N
   6 |                          |                          | total.fetch_add() 0 => 1 | failing_cases.cc:N
   7 |                          | atomic 1.store(1), was 1 |                          | failing_cases.cc:N
   8 |                          | total.fetch_add() 1 => 2 |                          | failing_cases.cc:N
   9 | joined 'left'            |                          |                          | failing_cases.cc:N
  10 | joined 'right'           |                          |                          | failing_cases.cc:N
  11 | atomic 1.load() -> 1     |                          |                          | failing_cases.cc:N
  12 | total.load(acquire) -> 2 |                          |                          | failing_cases.cc:N
  13 | a property is violated   |                          |                          | failing_cases.cc:N
  14 | total.store(0), was 2    |                          |                          | failing_cases.cc:N

  atomic 1 is on the stack of body; first used at failing_cases.cc:N
  failing_cases.cc is stress/report/failing_cases.cc
)");
}

TEST(Table, OfTwoLocksNamesThemAndTheirHolders) {
  EXPECT_EQ(table_of_case("TwoLocks"), R"(
     | body                  | alice to bob                      | bob to alice                      | where
  ---+-----------------------+-----------------------------------+-----------------------------------+---
   0 | start 'alice to bob'  |                                   |                                   | failing_cases.cc:N
   1 | start 'bob to alice'  |                                   |                                   | failing_cases.cc:N
   2 | join 'alice to bob'   |                                   |                                   | failing_cases.cc:N
     |   (waits for its end) |                                   |                                   |
   5 |                       | lock 'alice'                      |                                   | failing_cases.cc:N
     |                       | -- preempted --                   |                                   |
   8 |                       |                                   | lock 'bob'                        | failing_cases.cc:N
  10 |                       |                                   | lock 'alice' (8 steps)            | failing_cases.cc:N
     |                       |                                   |   (waits, held by 'alice to bob') |
  20 |                       | lock 'bob' (8 steps)              |                                   | failing_cases.cc:N
     |                       |   (waits, held by 'bob to alice') |                                   |

  failing_cases.cc is stress/report/failing_cases.cc
  alice to bob waits for Lock 'bob' held by bob to alice
    #0 lock at primitives/threading/lock.h:N
    #1 operator() at stress/report/failing_cases.cc:N
  bob to alice waits for Lock 'alice' held by alice to bob
    #0 lock at primitives/threading/lock.h:N
    #1 operator() at stress/report/failing_cases.cc:N
  body waits for the end of alice to bob
    #0 operator() at stress/report/failing_cases.cc:N
)");
}

TEST(Table, OfTwoMutexesShowsTheCycle) {
  EXPECT_EQ(table_of_case("TwoMutexes"), R"(
    | body                  | one                      | two                      | where
  --+-----------------------+--------------------------+--------------------------+---
  0 | start 'one'           |                          |                          | failing_cases.cc:N
  1 | start 'two'           |                          |                          | failing_cases.cc:N
  2 | join 'one'            |                          |                          | failing_cases.cc:N
    |   (waits for its end) |                          |                          |
  3 |                       | lock global_mutex        |                          | failing_cases.cc:N
    |                       | -- preempted --          |                          |
  4 |                       |                          | lock mutex 1             | failing_cases.cc:N
  5 |                       |                          | lock global_mutex        | failing_cases.cc:N
    |                       |                          |   (waits, held by 'one') |
    |                       | lock mutex 1             |                          | failing_cases.cc:N
    |                       |   (waits, held by 'two') |                          |

  mutex 1 is on the stack of body; first used at failing_cases.cc:N
  failing_cases.cc is stress/report/failing_cases.cc
  one waits for mutex 1 held by two
    #0 operator() at stress/report/failing_cases.cc:N
  two waits for mutex global_mutex held by one
    #0 operator() at stress/report/failing_cases.cc:N
  body waits for the end of one
    #0 operator() at stress/report/failing_cases.cc:N
)");
}

TEST(Table, OfALostWakeUpShowsTheNotificationThatWokeNobody) {
  EXPECT_EQ(table_of_case("LostWakeUp"), R"(
    | body                  | consumer                               | producer                             | where
  --+-----------------------+----------------------------------------+--------------------------------------+---
  0 | start 'consumer'      |                                        |                                      | failing_cases.cc:N
  1 | start 'producer'      |                                        |                                      | failing_cases.cc:N
  2 | join 'consumer'       |                                        |                                      | failing_cases.cc:N
    |   (waits for its end) |                                        |                                      |
  3 |                       | lock mutex 1                           |                                      | failing_cases.cc:N
  4 |                       | atomic 1.load() -> 0                   |                                      | failing_cases.cc:N
    |                       | -- preempted --                        |                                      |
  5 |                       |                                        | atomic 1.store(1), was 0             | failing_cases.cc:N
  6 |                       |                                        | notify_one condition 1, wakes nobody | failing_cases.cc:N
  7 |                       | wait on condition 1, giving up mutex 1 |                                      | failing_cases.cc:N
    |                       |   (waits)                              |                                      |

  mutex 1 is on the stack of body; first used at failing_cases.cc:N
  atomic 1 is on the stack of body; first used at failing_cases.cc:N
  condition 1 is on the stack of body; first used at failing_cases.cc:N
  failing_cases.cc is stress/report/failing_cases.cc
  producer: notified condition 1, and nobody waited (step 6)
    #0 operator() at stress/report/failing_cases.cc:N
  consumer waits for condition 1
    #0 operator() at stress/report/failing_cases.cc:N
  body waits for the end of consumer
    #0 operator() at stress/report/failing_cases.cc:N
)");
}

TEST(Table, OfAFailedExpectationShowsWhereItFailed) {
  EXPECT_EQ(table_of_case("FailedExpectation"), R"(
     | body                  | writer                            | reader                         | where
  ---+-----------------------+-----------------------------------+--------------------------------+---
   0 | start 'writer'        |                                   |                                | failing_cases.cc:N
   1 | start 'reader'        |                                   |                                | failing_cases.cc:N
   2 | join 'writer'         |                                   |                                | failing_cases.cc:N
     |   (waits for its end) |                                   |                                |
   3 |                       | atomic 1.store(1, relaxed)        |                                | failing_cases.cc:N
     |                       | -- preempted --                   |                                |
   4 |                       |                                   | atomic 1.load() -> 1           | failing_cases.cc:N
   5 |                       |                                   | an expectation fails (4 steps) | failing_cases.cc:N
   9 |                       | atomic 1.store(2, release), was 1 |                                | failing_cases.cc:N
  10 | joined 'writer'       |                                   |                                | failing_cases.cc:N
  11 | joined 'reader'       |                                   |                                | failing_cases.cc:N

  atomic 1 is on the stack of body; first used at failing_cases.cc:N
  failing_cases.cc is stress/report/failing_cases.cc
)");
}

TEST(Table, OfASpinningThreadFoldsItsRounds) {
  EXPECT_EQ(table_of_case("Spins"), R"(
       | body                  | waiter                      | where
  -----+-----------------------+-----------------------------+---
     0 | start 'waiter'        |                             | failing_cases.cc:N
     1 | start 'forgetful'     |                             | failing_cases.cc:N
     2 | join 'waiter'         |                             | failing_cases.cc:N
       |   (waits for its end) |                             |
     3 |                       | atomic 1.load() -> 0        | failing_cases.cc:N
     4 |                       | yield                       | failing_cases.cc:N
       |                       |   (these 2 rows 2500 times) |
  5003 |                       | atomic 1.load() -> 0        | failing_cases.cc:N

  atomic 1 is on the stack of body; first used at failing_cases.cc:N
  failing_cases.cc is stress/report/failing_cases.cc
  waiter: repeats 2500 times: yield (failing_cases.cc:N), atomic 1.load() -> 0 (failing_cases.cc:N) (step 5002)
  waiter could go on
    #0 operator() at stress/report/failing_cases.cc:N
  body waits for the end of waiter
    #0 operator() at stress/report/failing_cases.cc:N
)");
}

TEST(Table, OfManyThreadsIsAList) {
  const std::string table = table_of_case("SixThreads");
  EXPECT_NE(table.find("| thread  | step "), table.npos) << table;
  EXPECT_NE(table.find("| guest 3 | atomic 2.fetch_add() 0 => 1 "), table.npos) << table;
}

TEST(Table, OfAMisuseMarksTheCall) {
  const std::string table = table_of_case("Misuse");
  EXPECT_NE(table.find("unlock mutex 1"), table.npos) << table;
  EXPECT_NE(table.find("(misuse)"), table.npos) << table;
}

TEST(Table, OfATimedWaitShowsThatItGaveUp) {
  const SelfRun run = run_case("Timed", {{"WEFT_STRATEGY", "random_walk"}});
  EXPECT_TRUE(run.prints("time is up for mutex 1")) << run.output;
}

TEST(Table, ShowsValuesAsTheirTypesMeanThem) {
  EXPECT_EQ(table_of_case("Values"), R"(
    | body                                           | where
  --+------------------------------------------------+---
  0 | big.store(-5000000000)                         | failing_cases.cc:N
  1 | big.store(5000000000), was -5000000000         | failing_cases.cc:N
  2 | small.store(-1)                                | failing_cases.cc:N
  3 | flag.store(1)                                  | failing_cases.cc:N
  4 | pointer.store(pointer 1)                       | failing_cases.cc:N
  5 | pointer.compare_exchange() fails, is pointer 1 | failing_cases.cc:N
  6 | big.load() -> 5000000000                       | failing_cases.cc:N
  7 | small.load() -> -1                             | failing_cases.cc:N
  8 | a property is violated                         | failing_cases.cc:N

  failing_cases.cc is stress/report/failing_cases.cc
)");
}

}  // namespace
}  // namespace weft::report
