// A wake-up passes between processes. What the objects made of it do would hardly show that one
// does not: each sleep ends by its bound (shared_futex.h), and they would be slow and right. So
// here the kernel is asked whom it woke.
#include "primitives/ipc/shared_futex.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <new>
#include <string>

#include "primitives/base/deadline.h"
#include "primitives/ipc/shared_memory.h"
#include "stress/ipc/child.h"

namespace weft::internal {
namespace {

using ipc::SharedMemory;
using testing_ipc::Child;
using testing_ipc::comes_true;

SharedWord& word_in(const SharedMemory& memory) {
  return *std::launder(reinterpret_cast<SharedWord*>(memory.data()));
}

// Until the word is set.
int sleep_on(SharedWord& word) {
  BoundedWait wait;
  while (word == 0) wait.wait(low_half(word), 0, Deadline::never());
  return 0;
}

// The child is between two sleeps for a moment now and then, which is why one may wake nobody.
template <class Word>
bool wakes_one(const Word& word) {
  return comes_true([&] { return wake_shared(low_half(word), 1) == 1; });
}

void end(SharedWord& word, Child& child) {
  word = 1;
  wake_all_shared(low_half(word));
  EXPECT_EQ(child.wait(), 0);
}

// SH7
TEST(SharedFutex, WakesASleeperOfAnotherProcess) {
  const SharedMemory memory = SharedMemory::create(sizeof(SharedWord));
  SharedWord& word = word_in(memory);
  Child child([&] { return sleep_on(word); });
  EXPECT_TRUE(wakes_one(word));
  end(word, child);
}

// SH7
TEST(SharedFutex, WakesASleeperThatHasTheWordAtAnotherAddress) {
  const SharedMemory memory = SharedMemory::create(sizeof(SharedWord));
  SharedWord& word = word_in(memory);
  Child child([&] {
    const SharedMemory own = SharedMemory::attach(memory.descriptor());
    return own.data() == memory.data() ? 1 : sleep_on(word_in(own));
  });
  EXPECT_TRUE(wakes_one(word));
  end(word, child);
}

// SH7
TEST(SharedFutex, WakesASleeperOfNamedMemory) {
  const std::string name = "weft-shared-futex-test-" + std::to_string(::getpid());
  const SharedMemory memory = SharedMemory::create_named(name, sizeof(SharedWord));
  SharedWord& word = word_in(memory);
  Child child([&] { return sleep_on(word_in(SharedMemory::attach_named(name))); });
  EXPECT_TRUE(wakes_one(word));
  end(word, child);
}

// SH7: by the half of a word of 64 bits.
TEST(SharedFutex, WakesASleeperOfALongWord) {
  const SharedMemory memory = SharedMemory::create(sizeof(std::atomic<std::uint64_t>));
  auto& word = *std::launder(reinterpret_cast<std::atomic<std::uint64_t>*>(memory.data()));
  constexpr std::uint64_t kHigh = std::uint64_t{7} << 32;
  word = kHigh;
  Child child([&] {
    BoundedWait wait;
    while (word == kHigh) wait.wait(low_half(word), 0, Deadline::never());
    return 0;
  });
  EXPECT_TRUE(wakes_one(word));
  word = kHigh + 1;
  wake_all_shared(low_half(word));
  EXPECT_EQ(child.wait(), 0);
}

TEST(SharedFutex, WakesAsManyAsAskedFor) {
  const SharedMemory memory = SharedMemory::create(sizeof(SharedWord));
  SharedWord& word = word_in(memory);
  Child first([&] { return sleep_on(word); });
  Child second([&] { return sleep_on(word); });
  EXPECT_TRUE(comes_true([&] { return wake_shared(low_half(word), 2) == 2; }));
  for (int i = 0; i < 100; ++i) EXPECT_LE(wake_shared(low_half(word), 1), 1);
  word = 1;
  wake_all_shared(low_half(word));
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(second.wait(), 0);
}

}  // namespace
}  // namespace weft::internal
