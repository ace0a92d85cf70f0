// What is left of a queue if a process is killed after any single instruction of put(), get() or
// task_done(): at most that item is lost, and nobody waits long.
// states_for_test.h has how. queue_process_test.cc kills in earnest, anywhere.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "primitives/message/queue.h"
#include "stress/message/states_for_test.h"

namespace weft::ipc {
namespace {

using testing_message::expect_survival;
using testing_message::States;

constexpr std::size_t kRing = 1024;

// What a process does once, at its first use of a queue: it finds out its number, and the linker
// binds functions.
void warm_up() {
  JoinableQueue<std::string> queue(0, kRing);
  for (const std::size_t size : {1, 900}) {
    queue.put(std::string(size, 'w'));
    (void)queue.get();
    queue.task_done();
  }
}

template <class T>
std::span<std::byte> memory_of(Queue<T>& queue, std::size_t ring) {
  return {reinterpret_cast<std::byte*>(&queue.bytes_for_test().ring_for_test()),
          sizeof(detail::Ring) + ring};
}

States states_during(std::span<std::byte> memory, const std::function<void()>& operation) {
  return testing_message::states_during(memory, warm_up, operation);
}

// PQ3, PQ4, PQ6
void expect_put_survives(const std::string& text, std::size_t ring) {
  Queue<std::string> queue(0, ring);
  queue.put("before");
  const auto memory = memory_of(queue, ring);
  const States states = states_during(memory, [&] { queue.put(text); });
  expect_survival(memory, states, [&] {
    queue.put("after");
    EXPECT_EQ(queue.get(), "before");
    std::string next = queue.get();
    const bool shows = next == text;
    if (shows) next = queue.get();
    EXPECT_EQ(next, "after");
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.qsize(), 0u);
    return shows;
  });
}

// The same where nobody else puts: who gets is not left waiting for the rest of the item.
void expect_getter_goes_on(const std::string& text, std::size_t ring) {
  Queue<std::string> queue(0, ring);
  const auto memory = memory_of(queue, ring);
  const States states = states_during(memory, [&] { queue.put(text); });
  expect_survival(memory, states, [&] {
    const std::optional<std::string> next = queue.try_get();
    EXPECT_TRUE(!next || *next == text);
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.qsize(), 0u);
    return next.has_value();
  });
}

TEST(IpcQueueKill, AfterAnyInstructionOfPutAGetterGoesOn) {
  expect_getter_goes_on(std::string(40, 'x'), kRing);
  expect_getter_goes_on(std::string(800, 'x'), 2 * kRing);
}

TEST(IpcQueueKill, AfterAnyInstructionOfPutTheItemIsThereWholeOrNotAtAll) {
  expect_put_survives(std::string(40, 'x'), kRing);
}

// In pieces, of which the victim leaves some.
TEST(IpcQueueKill, AfterAnyInstructionOfAPutInPiecesTheItemIsThereWholeOrNotAtAll) {
  expect_put_survives(std::string(800, 'x'), 2 * kRing);
}

void expect_get_survives(const std::string& first, const std::string& second, std::size_t ring) {
  Queue<std::string> queue(0, ring);
  queue.put(first);
  queue.put(second);
  const auto memory = memory_of(queue, ring);
  const States states = states_during(memory, [&] { (void)queue.get(); });
  expect_survival(memory, states, [&] {
    queue.put("third");
    std::string next = queue.get();
    const bool shows = next != first;
    if (!shows) next = queue.get();
    EXPECT_EQ(next, second);
    EXPECT_EQ(queue.get(), "third");
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.qsize(), 0u);
    return shows;
  });
}

TEST(IpcQueueKill, AfterAnyInstructionOfGetOnlyItsItemIsGone) {
  expect_get_survives("first", "second", kRing);
}

TEST(IpcQueueKill, AfterAnyInstructionOfAGetInPiecesOnlyItsItemIsGone) {
  expect_get_survives(std::string(600, 'x'), std::string(400, 'y'), 2 * kRing);
}

TEST(IpcQueueKill, AfterAnyInstructionOfTaskDoneItCountsOnceOrNot) {
  JoinableQueue<int> queue(0, kRing);
  queue.put(1);
  queue.put(2);
  const auto memory = memory_of(queue, kRing);
  const States states = states_during(memory, [&] { queue.task_done(); });
  ASSERT_EQ(states.size(), 2u) << "one store";
  for (std::size_t done = 0; done < 2; ++done) {
    std::memcpy(memory.data(), states[done].data(), states[done].size());
    EXPECT_EQ(queue.unfinished_tasks(), 2 - done);
    for (std::size_t left = 2 - done; left > 0; --left) queue.task_done();
    queue.join();
  }
}

}  // namespace
}  // namespace weft::ipc
