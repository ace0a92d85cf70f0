// What goes wrong in a Thread: exceptions that leave it, derived classes, a system without threads.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "primitives/base/errors.h"
#include "primitives/threading/event.h"
#include "primitives/threading/thread.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"
#include "stress/threading/support.h"

// The next creations of threads by the calling thread: so many succeed, then all fail while it is
// not negative.
static thread_local int creations_left = -1;

// Under the explorer the function is the explorer's, which has threads for all.
#if !defined(WEFT_EXPLORE)
extern "C" {
// A sanitizer's runtime has its own behind this name.
__attribute__((weak)) int __interceptor_pthread_create(pthread_t*, const pthread_attr_t*,
                                                       void* (*)(void*), void*);

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*),
                   void* argument) noexcept {
  if (creations_left == 0) return EAGAIN;
  if (creations_left > 0) --creations_left;
  if (__interceptor_pthread_create) {
    return __interceptor_pthread_create(thread, attributes, function, argument);
  }
  static const auto real =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  return real(thread, attributes, function, argument);
}
}
#endif

namespace weft {
namespace {

using testing_threads::briefly;

// Installs a hook for as long as it lives.
class Hooked {
 public:
  explicit Hooked(Thread::ExceptionHook hook)
      : before_(Thread::set_exception_hook(std::move(hook))) {}
  ~Hooked() { Thread::set_exception_hook(before_); }
  Hooked(const Hooked&) = delete;
  Hooked& operator=(const Hooked&) = delete;

 private:
  Thread::ExceptionHook before_;
};

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "?";
  }
}

// What a failing thread writes to the standard error stream.
std::string stderr_of_thread_that_throws(std::exception_ptr error) {
  testing::internal::CaptureStderr();
  Thread thread({.name = "worker", .daemon = {}}, [&] { std::rethrow_exception(error); });
  thread.start();
  thread.join();
  return testing::internal::GetCapturedStderr();
}

TEST(Thread, AnExceptionGoesToTheHookInTheFailedThreadAndNotToJoin) {
  std::string seen;
  std::thread::id hook_ran_in;
  std::thread::id thread_ran_in;
  const Hooked hooked([&](const std::string& name, const std::exception_ptr& error) {
    seen = name + ": " + text_of(error);
    hook_ran_in = std::this_thread::get_id();
  });
  Thread thread({.name = "worker", .daemon = {}}, [&] {
    thread_ran_in = std::this_thread::get_id();
    throw std::out_of_range("too far");
  });
  thread.start();
  EXPECT_NO_THROW(thread.join());
  EXPECT_EQ(seen, "worker: too far");
  EXPECT_EQ(hook_ran_in, thread_ran_in);
  EXPECT_FALSE(thread.is_alive());
}

TEST(Thread, JoinOrRethrowThrowsWhatTheThreadThrewAsOftenAsAsked) {
  const Hooked hooked([](const std::string&, const std::exception_ptr&) {});
  Thread failing([] { throw std::out_of_range("too far"); });
  failing.start();
  EXPECT_THROW(failing.join_or_rethrow(), std::out_of_range);
  EXPECT_THROW(failing.join_or_rethrow(), std::out_of_range);
  Thread fine([] {});
  fine.start();
  EXPECT_NO_THROW(fine.join_or_rethrow());
}

TEST(Thread, TheOtherThreadsLiveOnWhenOneFails) {
  check(
      [](weft::Run& run) {
        int hooks = 0;
        const Hooked hooked([&](const std::string&, const std::exception_ptr&) { ++hooks; });
        Event failed;
        bool lived_on = false;
        Thread survivor([&] {
          failed.wait();
          lived_on = true;
        });
        Thread failing([] { throw 1; });
        survivor.start();
        failing.start();
        failing.join();
        failed.set();
        survivor.join();
        run.require(lived_on && hooks == 1, "one thread failed, the other did not notice");
      },
      briefly());
}

TEST(Thread, TheDefaultHookWritesALine) {
  const Hooked hooked(nullptr);
  EXPECT_EQ(stderr_of_thread_that_throws(std::make_exception_ptr(std::out_of_range("too far"))),
            "Exception in thread worker: too far\n");
  EXPECT_EQ(stderr_of_thread_that_throws(std::make_exception_ptr(1)),
            "Exception in thread worker: not a std::exception\n");
}

TEST(Thread, AHookThatThrowsFallsBackToTheDefaultOne) {
  const Hooked hooked([](const std::string&, const std::exception_ptr&) {
    throw std::runtime_error("the hook is broken");
  });
  EXPECT_EQ(stderr_of_thread_that_throws(std::make_exception_ptr(std::out_of_range("too far"))),
            "Exception in thread worker: too far\n"
            "Exception in thread worker (exception hook): the hook is broken\n");
}

TEST(Thread, SettingAHookGivesBackTheOneBefore) {
  int calls = 0;
  const Hooked hooked([&](const std::string&, const std::exception_ptr&) { ++calls; });
  const Thread::ExceptionHook before = Thread::set_exception_hook(nullptr);
  ASSERT_TRUE(before);
  before("", nullptr);
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(Thread::set_exception_hook(before)) << "the default one is empty";
}

class Worker : public Thread {
 public:
  explicit Worker(std::vector<int>& results) : results_(results) {}
  void run() override {
    for (int i = 0; i < 3; ++i) {
      begun.wait();
      results_.push_back(own_.at(static_cast<std::size_t>(i)));
    }
  }

  Event begun;

 private:
  std::vector<int>& results_;
  std::vector<int> own_{1, 2, 3};  // of the derived part: gone when that is destroyed
};

TEST(Thread, ADerivedClassSaysWhatItDoesInRun) {
  check(
      [](weft::Run& run) {
        std::vector<int> results;
        {
          Joining<Worker> worker(results);
          worker.start();
          worker.begun.set();
        }
        run.require(results == std::vector<int>{1, 2, 3}, "it was joined while it was whole");
        {
          Joining<Worker> never_started(results);
        }
        Worker joined(results);
        joined.begun.set();
        joined.start();
        joined.join();
        run.require(results.size() == 6, "or by hand");
      },
      briefly());
}

TEST(ThreadDeathTest, ADerivedObjectThatEndsBeforeItsThreadEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  struct Forgetful : Thread {
    void run() override { never->wait(); }
    std::shared_ptr<Event> never = std::make_shared<Event>();
  };
  EXPECT_DEATH(
      {
        Forgetful forgetful;
        forgetful.set_name("mine");
        forgetful.start();
      },
      "the thread \"mine\" still runs while its object is destroyed");
}

// LK18
TEST(Thread, WhenTheSystemHasNoThreadToGiveTheObjectStaysUnstarted) {
  if (kExplored) GTEST_SKIP() << "pthread_create() is the explorer's, which has threads for all";
  int runs = 0;
  Thread thread([&](std::unique_ptr<int> value) { runs += *value; }, std::make_unique<int>(1));
  creations_left = 0;
  try {
    thread.start();
    ADD_FAILURE() << "start() did not notice";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
  }
  creations_left = -1;
  EXPECT_FALSE(thread.is_alive());
  EXPECT_THROW(thread.join(), RuntimeError);
  EXPECT_NO_THROW(thread.set_daemon(false));
  thread.start();
  thread.join();
  EXPECT_EQ(runs, 1) << "its function and arguments were kept for the second attempt";
}

// LK18
TEST(Thread, WhenTheNthCannotBeMadeTheOthersAreStoppedAndJoined) {
  if (kExplored) GTEST_SKIP() << "pthread_create() is the explorer's, which has threads for all";
  for (int n = 0; n < 4; ++n) {
    int alive = 0;
    Event failed;
    {
      std::vector<std::unique_ptr<Thread>> workers;
      creations_left = n;
      try {
        for (int t = 0; t < 5; ++t) {
          workers.push_back(std::make_unique<Thread>([&] { failed.wait(); }));
          workers.back()->start();
        }
        ADD_FAILURE() << "no start() failed";
      } catch (const std::system_error&) {
      }
      creations_left = -1;
      EXPECT_EQ(workers.size(), static_cast<std::size_t>(n) + 1);
      for (const auto& worker : workers) alive += worker->is_alive();
      failed.set();
    }
    EXPECT_EQ(alive, n) << "as many lived as could be made";
  }
}

}  // namespace
}  // namespace weft
