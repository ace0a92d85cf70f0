// Exception objects that two threads share: ThreadSanitizer sees how the counts of an exception
// order its destruction, and that they order nothing else.
//
// A thread tells the other by a relaxed flag that it is done, which orders nothing: so each case
// meets the same interleaving in every execution, and what orders its accesses is the counts alone.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "stress/run/search.h"
#include "stress/run/text_for_test.h"

namespace weft {
namespace {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
  int notes = 0;
};

using Use = std::function<void(Failure&)>;
// Uses the exception and drops `held`, by one of the two ways to have a count.
using Holding = void(std::exception_ptr held, const Use& use);

void hold_by_handler(std::exception_ptr held, const Use& use) {
  try {
    std::rethrow_exception(std::move(held));
  } catch (Failure& failure) {
    use(failure);
  }
}

void hold_by_pointer(std::exception_ptr held, const Use& use) {
  Failure* object = nullptr;
  try {
    std::rethrow_exception(held);
  } catch (Failure& failure) {
    object = &failure;
  }
  use(*object);
}

constexpr struct {
  const char* name;
  Holding* first;
  Holding* second;
} kPairs[] = {
    {"handler, handler", hold_by_handler, hold_by_handler},
    {"handler, pointer", hold_by_handler, hold_by_pointer},
    {"pointer, handler", hold_by_pointer, hold_by_handler},
    {"pointer, pointer", hold_by_pointer, hold_by_pointer},
};

class Flag {
 public:
  // relaxed, both: it must not order the threads.
  void set() { set_.store(true, std::memory_order_relaxed); }
  void spin() const {
    while (!set_.load(std::memory_order_relaxed)) std::this_thread::yield();
  }

 private:
  std::atomic<bool> set_{false};
};

TEST(ExceptionCounts, OrderTheLastUseBeforeTheDestruction) {
  for (const auto& pair : kPairs) {
    const Report report = search(
        pair.name,
        [&](weft::Run& run) {
          std::exception_ptr first = std::make_exception_ptr(Failure("text that is freed"));
          std::exception_ptr second = first;
          std::size_t length = 0;
          Flag dropped;
          run.thread("reads", [&] {
            pair.first(std::move(first), [&](Failure& f) { length = std::strlen(f.what()); });
            dropped.set();
          });
          run.thread("destroys",
                     [&] { pair.second(std::move(second), [&](Failure&) { dropped.spin(); }); });
          run.join();
          run.require(length == 18, "the text was read");
        },
        {.executions = 20});
    EXPECT_EQ(text_of(report), "nothing") << pair.name;
  }
}

TEST(ExceptionCounts, OrderNoTwoHoldersOfAnException) {
  for (const auto& pair : kPairs) {
    const Report report = search(pair.name,
                                 [&](weft::Run& run) {
                                   std::exception_ptr first =
                                       std::make_exception_ptr(Failure("shared"));
                                   std::exception_ptr second = first;
                                   int notes = 0;
                                   Flag dropped;
                                   run.thread("writes", [&] {
                                     pair.first(std::move(first), [](Failure& f) { f.notes = 1; });
                                     dropped.set();
                                   });
                                   run.thread("reads", [&] {
                                     pair.second(std::move(second), [&](Failure& f) {
                                       dropped.spin();
                                       notes = f.notes;
                                     });
                                   });
                                   run.join();
                                 },
                                 {.executions = 1});
    EXPECT_EQ(text_of(report).substr(0, 9), "data race") << pair.name;
  }
}

// A thread that makes a count, or drops one that is not the last, learns nothing from it.
TEST(ExceptionCounts, OrderNoHolderWhoTakesAndDropsAnotherCount) {
  for (const auto& pair : kPairs) {
    const Report report = search(pair.name,
                                 [&](weft::Run& run) {
                                   const std::exception_ptr shared =
                                       std::make_exception_ptr(Failure("shared"));
                                   int notes = 0;
                                   Flag dropped;
                                   run.thread("writes", [&] {
                                     pair.first(shared, [](Failure& f) { f.notes = 1; });
                                     dropped.set();
                                   });
                                   run.thread("reads", [&] {
                                     dropped.spin();
                                     pair.second(shared, [](Failure&) {});
                                     pair.second(shared, [&](Failure& f) { notes = f.notes; });
                                   });
                                   run.join();
                                 },
                                 {.executions = 1});
    EXPECT_EQ(text_of(report).substr(0, 9), "data race") << pair.name;
  }
}

// Of one exception, or of another in each thread.
TEST(ExceptionCounts, OrderNoThreadsThatHandleExceptionsOfTheirOwn) {
  const Report report = search("own",
                               [](weft::Run& run) {
                                 int shared = 0;
                                 for (int i = 0; i < 2; ++i) {
                                   run.thread([&] {
                                     try {
                                       throw Failure("own");
                                     } catch (const Failure&) {
                                     }
                                     ++shared;
                                     try {
                                       throw Failure("own");
                                     } catch (const Failure&) {
                                     }
                                   });
                                 }
                                 run.join();
                               },
                               {.executions = 1});
  EXPECT_EQ(text_of(report).substr(0, 9), "data race");
}

struct Counted {
  explicit Counted(int& living) : living_(living) { ++living_; }
  Counted(const Counted& other) : living_(other.living_) { ++living_; }
  ~Counted() { --living_; }
  int& living_;
};

TEST(ExceptionCounts, DestroyAnExceptionOnceAndAfterItsLastHolder) {
  int living = 0;
  std::exception_ptr kept;
  try {
    try {
      throw Counted(living);
    } catch (...) {
      try {
        throw;
      } catch (const Counted&) {
        EXPECT_EQ(living, 1);
      }
      EXPECT_EQ(living, 1) << "the outer handler has it still";
      throw;
    }
  } catch (const Counted&) {
    EXPECT_EQ(living, 1);
    kept = std::current_exception();
  }
  EXPECT_EQ(living, 1) << "the pointer has it still";
  EXPECT_EQ(std::current_exception(), nullptr);
  std::exception_ptr copy = kept;
  EXPECT_EQ(copy, kept);
  kept = nullptr;
  EXPECT_THROW(std::rethrow_exception(copy), Counted);
  EXPECT_EQ(living, 1);
  copy = nullptr;
  EXPECT_EQ(living, 0);
  try {
    throw Counted(living);
  } catch (...) {
  }
  EXPECT_EQ(living, 0);
}

TEST(ExceptionCounts, LeaveTheUnwindingOfAnEndingThreadAlone) {
  std::atomic<bool> passed{false};
  std::thread([&] {
    try {
      pthread_exit(nullptr);
    } catch (...) {
      passed = true;
      throw;
    }
  }).join();
  EXPECT_TRUE(passed);
}

}  // namespace
}  // namespace weft
