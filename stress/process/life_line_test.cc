// What binds a child to its parent: what lets it go on, what kills it, and what does not.
#include "primitives/process/life_line.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <functional>

#include "stress/process/process_for_test.h"

namespace weft::internal {
namespace {

using ipc::Orphans;
using ipc::require;

class LifeLines : public ::testing::Test {
 protected:
  // Forks a process that has but the child's side of `line`.
  pid_t fork_child(const std::function<void()>& child) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      line.parents.reset();
      child();
      ::_exit(0);
    }
    line.childs.reset();
    return pid;
  }

  LifeLine line = LifeLine::make();
  const ipc::Channel told;
};

// The kernel may tell a byte after it was read, so nothing that lets a child go may ever kill it.
TEST_F(LifeLines, WhatLetsAChildGoDoesNotKillOneThatIsBoundAlready) {
  const pid_t child = fork_child([&] {
    require(line.die_with_parent());
    told.send(1);
    require(line.may_go());
    line.say_last_word(7);
  });
  EXPECT_EQ(told.receive(), 1);
  EXPECT_TRUE(line.let_go());
  EXPECT_EQ(Orphans::wait_for(child), 0);
  EXPECT_EQ(line.last_word(), 7);
}

TEST_F(LifeLines, AChildEndsWithItsParentWheneverItWasBound) {
  const pid_t bound = fork_child([&] {
    require(line.may_go() && line.die_with_parent());
    told.send(1);
    ipc::live_until_killed();
  });
  EXPECT_TRUE(line.let_go());
  EXPECT_EQ(told.receive(), 1);
  line.parents.reset();
  EXPECT_EQ(Orphans::wait_for(bound), -SIGKILL);

  line = LifeLine::make();
  const ipc::Channel gone;
  const pid_t late = fork_child([&] {
    require(line.may_go() && gone.receive() == 1 && line.die_with_parent());
    ipc::live_until_killed();
  });
  EXPECT_TRUE(line.let_go());
  line.parents.reset();
  gone.send(1);
  EXPECT_EQ(Orphans::wait_for(late), -SIGKILL);
}

TEST_F(LifeLines, AChildWhoseParentGivesUpDoesNotGo) {
  const pid_t child = fork_child([&] { require(!line.may_go()); });
  line.parents.reset();
  EXPECT_EQ(Orphans::wait_for(child), 0);
}

// It was let go before its parent ended: a child that is no daemon goes on.
TEST_F(LifeLines, AChildThatWasLetGoGoesAlsoIfItsParentHasEndedSince) {
  const ipc::Channel gone;
  const pid_t child = fork_child([&] { require(gone.receive() == 1 && line.may_go()); });
  EXPECT_TRUE(line.let_go());
  line.parents.reset();
  gone.send(1);
  EXPECT_EQ(Orphans::wait_for(child), 0);
}

}  // namespace
}  // namespace weft::internal
