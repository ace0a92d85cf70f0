// A Process's life: start, join, what it is given, what it leaves.
#include "primitives/process/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/process/wait.h"
#include "stress/process/process_for_test.h"

namespace weft::ipc {
namespace {

using namespace std::chrono_literals;

TEST_F(Processes, IsAliveFromStartUntilItsFunctionEnds) {
  static_assert(!std::is_copy_constructible_v<Process> && !std::is_move_constructible_v<Process>);
  const Channel finish;
  Process process([&] { finish.receive(); });
  EXPECT_FALSE(process.is_alive());
  EXPECT_EQ(process.pid(), 0);
  EXPECT_EQ(process.exitcode(), std::nullopt);
  EXPECT_FALSE(has_child());
  process.start();
  EXPECT_TRUE(process.is_alive());
  EXPECT_EQ(process.exitcode(), std::nullopt);
  EXPECT_EQ(::kill(process.pid(), 0), 0);
  finish.send(0);
  process.join();
  process.join();
  EXPECT_FALSE(process.is_alive());
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_NE(process.pid(), 0) << "kept after the end";
}

TEST_F(Processes, RunsItsFunctionOnceInAnotherProcess) {
  const Channel pids;
  const Shared<std::atomic<int>> runs;
  Process process([&] {
    runs->fetch_add(1);
    pids.send(::getpid());
  });
  process.start();
  EXPECT_EQ(pids.receive(), process.pid());
  EXPECT_NE(process.pid(), ::getpid());
  process.join();
  EXPECT_EQ(*runs, 1);
}

TEST_F(Processes, ThatIsNotStartedDoesNothing) {
  const Shared<std::atomic<int>> runs;
  {
    Process process([&] { runs->fetch_add(1); });
  }
  EXPECT_EQ(*runs, 0);
}

TEST_F(Processes, SeesTheMemoryAsItWasAtTheStartAndChangesItsOwn) {
  int counter = 9;
  std::vector<std::string> words{"before"};
  Process process([&] {
    require(counter == 10 && words.back() == "start");
    counter += 5;
    words.clear();
  });
  counter = 10;
  words.push_back("start");
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_EQ(counter, 10);
  EXPECT_EQ(words.size(), 2U);
}

TEST_F(Processes, TakesArgumentsByCopyAndMove) {
  std::string text = "before";
  auto number = std::make_unique<int>(4);
  const Channel results;
  Process process(
      [&results](const std::string& copy, std::unique_ptr<int> moved, int own) {
        require(copy == "before");
        own += *moved;
        results.send(own);
        return own;  // lost
      },
      text, std::move(number), 3);
  text = "after";
  process.start();
  EXPECT_EQ(results.receive(), 7);
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST_F(Processes, CanBeStartedOnce) {
  const Shared<std::atomic<int>> runs;
  Process process({.name = "once"}, [&] { runs->fetch_add(1); });
  process.start();
  EXPECT_EQ(message_of<RuntimeError>([&] { process.start(); }),
            "Process::start: 'once' can be started only once");
  process.join();
  EXPECT_THROW(process.start(), RuntimeError) << "also after its end";
  EXPECT_EQ(*runs, 1);
}

TEST_F(Processes, AskedBeforeTheStartForWhatOnlyARunningOneHasIsAnError) {
  Process process({.name = "early"}, [] {});
  EXPECT_EQ(message_of<RuntimeError>([&] { process.join(); }),
            "Process::join: 'early' was not started");
  EXPECT_THROW(process.join_for(0s), RuntimeError);
  EXPECT_THROW((void)process.sentinel(), RuntimeError);
  EXPECT_THROW(process.terminate(), RuntimeError);
}

// Also from a child: that is no sibling's nor its own parent.
TEST_F(Processes, BelongsToTheProcessThatMadeIt) {
  Process unstarted([] {});
  Process sibling([] { live_until_killed(); });
  sibling.start();
  Process* self = nullptr;
  Process process({.name = "child"}, [&] {
    require(message_of<RuntimeError>([&] { self->join(); }) ==
            "Process::join: 'child' is no child of this process");
    require(message_of<RuntimeError>([&] {
              unstarted.start();
            }).ends_with("was made by another process"));
    require(
        message_of<RuntimeError>([&] { sibling.kill(); }).ends_with("is no child of this process"));
    require(message_of<RuntimeError>([&] { (void)sibling.is_alive(); }) != "no error");
    require(message_of<RuntimeError>([&] { (void)sibling.exitcode(); }) != "no error");
    require(message_of<RuntimeError>([&] { self->start(); }) != "no error");
    require(self->is_alive() && self->pid() == ::getpid() && Process::current() == self);
    require(active_children().empty());
    sibling.~Process();  // neither waits nor signals
  });
  self = &process;
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_EQ(Process::current(), nullptr);
  EXPECT_TRUE(sibling.is_alive());
  sibling.kill();
}

TEST_F(Processes, RunsTheDerivedRun) {
  class Sum : public Process {
   public:
    Sum(const Channel& out, int a, int b) : out_(out), a_(a), b_(b) {}
    void run() override { out_.send(sum_ = a_ + b_); }
    int sum_ = 0;

   private:
    const Channel& out_;
    int a_, b_;
  };
  const Channel out;
  Sum sum(out, 2, 3);
  sum.start();
  sum.join();
  EXPECT_EQ(out.receive(), 5);
  EXPECT_EQ(sum.sum_, 0) << "set in the child alone";
  sum.run();
  EXPECT_EQ(sum.sum_, 5) << "called directly, it runs here";
  EXPECT_EQ(out.receive(), 5);
}

TEST_F(Processes, JoinForEndsInTimeOrNot) {
  const Channel finish;
  Process process([&] { finish.receive(); });
  process.start();
  EXPECT_FALSE(process.join_for(0s));
  EXPECT_FALSE(process.join_for(-1s)) << "a negative time only looks";
  EXPECT_FALSE(process.join_for(20ms));
  EXPECT_FALSE(process.join_until(std::chrono::system_clock::now() + 20ms));
  EXPECT_TRUE(process.is_alive());
  finish.send(0);
  EXPECT_TRUE(process.join_for(std::chrono::hours::max()));
  EXPECT_TRUE(process.join_for(0s));
}

TEST_F(Processes, TheDestructorWaitsForTheEnd) {
  const Shared<std::atomic<bool>> done;
  const Channel begin;
  {
    Process process([&] {
      begin.receive();
      *done = true;
    });
    process.start();
    begin.send(0);
  }
  EXPECT_TRUE(*done);
}

TEST_F(Processes, HasAName) {
  Process first([] {}), second([] {});
  EXPECT_TRUE(first.name().starts_with("Process-")) << first.name();
  EXPECT_NE(first.name(), second.name());
  Process named({.name = "worker"}, [] { require(Process::current()->name() == "changed"); });
  EXPECT_EQ(named.name(), "worker");
  named.set_name("changed");
  named.start();
  named.join();
  EXPECT_EQ(named.exitcode(), 0);
}

TEST_F(Processes, TheSentinelCanBeReadFromTheEndOn) {
  const Channel finish;
  Process first([&] { finish.receive(); }), second([] { live_until_killed(); });
  first.start();
  second.start();
  const std::vector<int> both{first.sentinel(), second.sentinel()};
  EXPECT_EQ(wait_for(both, 10ms), std::vector<int>{});
  finish.send(0);
  EXPECT_EQ(wait(both), std::vector<int>{first.sentinel()});
  EXPECT_EQ(wait_for(both, 0s), std::vector<int>{first.sentinel()});
  first.join();
  EXPECT_EQ(wait(both), std::vector<int>{first.sentinel()}) << "also after the join";
  second.kill();
  second.join();
  EXPECT_EQ(wait(both), both);
}

TEST_F(Processes, WaitRefusesWhatNeverEnds) {
  EXPECT_THROW((void)wait({}), ValueError);
  EXPECT_EQ(wait_for({}, 1ms), std::vector<int>{});
  EXPECT_THROW((void)wait({-1}), ValueError);
  int fd = -1;
  {
    Process process([] {});
    process.start();
    fd = process.sentinel();
  }
  EXPECT_EQ(message_of<ValueError>([&] { (void)wait({fd}); }),
            "wait: descriptor " + std::to_string(fd) + " is not open");
}

TEST_F(Processes, ClosedHasNothingButItsName) {
  const Channel finish;
  Process process({.name = "closed"}, [&] { finish.receive(); });
  process.start();
  EXPECT_EQ(message_of<ValueError>([&] { process.close(); }),
            "Process::close: 'closed' still runs");
  finish.send(0);
  process.join();
  const auto before = open_descriptors().size();
  process.close();
  EXPECT_EQ(open_descriptors().size(), before - 1);
  process.close();
  EXPECT_EQ(message_of<ValueError>([&] { process.join(); }), "Process::join: 'closed' is closed");
  EXPECT_THROW(process.start(), ValueError);
  EXPECT_THROW((void)process.is_alive(), ValueError);
  EXPECT_THROW((void)process.exitcode(), ValueError);
  EXPECT_THROW((void)process.pid(), ValueError);
  EXPECT_THROW((void)process.sentinel(), ValueError);
  EXPECT_THROW(process.kill(), ValueError);
  EXPECT_EQ(process.name(), "closed");
  Process unstarted([] {});
  unstarted.close();
  EXPECT_THROW(unstarted.start(), ValueError);
}

TEST_F(Processes, ActiveChildrenAreThoseThatRun) {
  EXPECT_TRUE(active_children().empty());
  const Channel finish;
  Process first({.name = "first"}, [&] { finish.receive(); });
  Process second({.name = "second"}, [] { live_until_killed(); });
  first.start();
  second.start();
  ASSERT_EQ(active_children().size(), 2U);
  finish.send(0);
  (void)wait({first.sentinel()});
  const std::vector<ActiveChild> active = active_children();
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].name, "second");
  EXPECT_EQ(active[0].pid, second.pid());
  second.kill();
  second.join();
  EXPECT_TRUE(active_children().empty());
}

TEST_F(Processes, AChildHasChildrenOfItsOwn) {
  Process process([] {
    Process grandchild([] { ::_exit(7); });
    grandchild.start();
    grandchild.join();
    ::_exit(*grandchild.exitcode() + 1);
  });
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 8);
}

}  // namespace
}  // namespace weft::ipc
