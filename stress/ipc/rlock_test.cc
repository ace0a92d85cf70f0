#include "primitives/ipc/rlock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "primitives/base/errors.h"
#include "stress/check.h"
#include "stress/ipc/dying.h"
#include "stress/threading/support.h"

namespace weft::ipc {
namespace {

using testing_threads::message_of;
using namespace std::chrono_literals;

TEST(IpcRLock, ItsOwnerMayTakeItAgain) {
  RLock lock;
  EXPECT_FALSE(lock.owned());
  lock.acquire();
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_TRUE(lock.acquire_for(0s));
  EXPECT_EQ(lock.recursion_count(), 3U);
  lock.release();
  lock.release();
  EXPECT_TRUE(lock.locked()) << "only the last release gives it up";
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(IpcRLock, AStrangersReleaseIsAnErrorThatChangesNothing) {
  RLock lock;
  const auto text = "RLock::release: the calling thread is not the owner";
  EXPECT_EQ(message_of<RuntimeError>([&] { lock.release(); }), text);
  lock.acquire();
  std::thread([&] {
    EXPECT_EQ(message_of<RuntimeError>([&] { lock.release(); }), text);
    EXPECT_THROW((void)lock.release_save(), RuntimeError);
    EXPECT_FALSE(lock.owned());
    EXPECT_EQ(lock.recursion_count(), 0U);
    EXPECT_FALSE(lock.try_acquire());
    EXPECT_FALSE(lock.acquire_for(1ms));
  }).join();
  EXPECT_EQ(lock.recursion_count(), 1U);
  lock.release();
}

TEST(IpcRLock, AllLevelsAreSavedAndRestored) {
  RLock lock;
  lock.acquire();
  lock.acquire();
  EXPECT_EQ(lock.release_save(), 2U);
  EXPECT_FALSE(lock.locked());
  lock.acquire_restore(2);
  EXPECT_EQ(lock.recursion_count(), 2U);
  lock.release();
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(IpcRLock, AnOwnerThatEndedAtAnyDepthIsToldUntilTheLockIsRecovered) {
  RLock lock;
  std::thread([&] {
    lock.acquire();
    lock.acquire();
  }).join();
  EXPECT_EQ(message_of<OwnerDiedError>([&] { lock.acquire(); }),
            "RLock::acquire: its owner has died without release(); call recover()");
  EXPECT_THROW((void)lock.try_acquire(), OwnerDiedError);
  EXPECT_THROW(lock.release(), RuntimeError) << "unlike a Lock's, its release is the owner's alone";
  EXPECT_TRUE(lock.recover());
  EXPECT_EQ(lock.recursion_count(), 1U) << "whatever the dead one's depth was";
  EXPECT_FALSE(lock.recover()) << "it is consistent";
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(IpcRLock, NobodySleepsBesideAFreeLock) {
  check([](weft::Run& run) {
    RLock lock;
    int inside = 0;  // not atomic: the lock alone guards it
    for (int t = 0; t < 3; ++t) {
      run.thread([&] {
        for (int i = 0; i < 3; ++i) {
          std::scoped_lock outer(lock);
          std::scoped_lock inner(lock);
          run.require(++inside == 1, "one thread at a time owns the lock");
          --inside;
        }
      });
    }
    run.join();
    run.require(!lock.locked(), "it is free when all have released it");
  });
}

}  // namespace
}  // namespace weft::ipc
