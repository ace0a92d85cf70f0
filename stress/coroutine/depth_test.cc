// CO2: awaits take no stack, not even where the compiler optimises nothing.
#include <gtest/gtest.h>
#include <pthread.h>

#include <coroutine>
#include <utility>

#include "primitives/coroutine/sync_wait.h"
#include "primitives/coroutine/task.h"

namespace weft {
namespace {

constexpr std::size_t kStack = 64 << 10;
constexpr long kMany = 1'000'000;

template <class Run>
void on_a_small_stack(Run run) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, kStack), 0);
  pthread_t thread;
  const auto begin = [](void* run) -> void* {
    (*static_cast<Run*>(run))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, begin, &run), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  (void)pthread_attr_destroy(&attributes);
}

Task<long> one() { co_return 1; }
Task<long> sum_of(long count) {
  long sum = 0;
  for (long i = 0; i < count; ++i) sum += co_await one();
  co_return sum;
}
Task<long> depth(long n) {
  if (n == 0) co_return 0;
  co_return 1 + co_await depth(n - 1);
}

TEST(TaskUnoptimised, AMillionAwaitsInARowTakeNoStack) {
  long sum = 0;
  on_a_small_stack([&sum] { sum = sync_wait(sum_of(kMany)); });
  EXPECT_EQ(sum, kMany);
}

TEST(TaskUnoptimised, AMillionAwaitsWithinEachOtherTakeNoStack) {
  long levels = 0;
  on_a_small_stack([&levels] { levels = sync_wait(depth(kMany)); });
  EXPECT_EQ(levels, kMany);
}

}  // namespace
}  // namespace weft
