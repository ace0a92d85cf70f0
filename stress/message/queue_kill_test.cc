// What is left of a queue if a process is killed after any single instruction of put(), get() or
// task_done(): at most that item is lost, and nobody waits long.
//
// All that a process can do to the others it does to the queue's memory. So the victim runs one
// instruction at a time, and after each the memory is copied; each copy is what a kill at that
// moment would leave. When the victim is dead the copies are put back one after the other, and the
// survivor goes on from each. queue_process_test.cc kills in earnest, anywhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "primitives/message/queue.h"
#include "stress/fault/single_step.h"

namespace weft::ipc {
namespace {

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

using States = std::vector<std::vector<std::byte>>;

// The states of `memory`, each once in its turn, while a process that then ends does `operation`.
States states_during(std::span<std::byte> memory, const std::function<void()>& operation) {
  fault::SingleStep victim(warm_up, operation);
  States states;
  do {
    if (states.empty() || !std::equal(memory.begin(), memory.end(), states.back().begin())) {
      states.emplace_back(memory.begin(), memory.end());
    }
  } while (victim.step());
  return states;
}

// Puts each state back, and calls `go_on()`, which says whether the operation shows. It does not in
// the first states and does in the last.
void expect_survival(std::span<std::byte> memory, const States& states,
                     const std::function<bool()>& go_on) {
  std::vector<double> seconds;
  int switches = 0;
  std::optional<bool> last;
  for (const auto& state : states) {
    std::memcpy(memory.data(), state.data(), state.size());
    const auto begun = std::chrono::steady_clock::now();
    const bool shows = go_on();
    seconds.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    if (!last) EXPECT_FALSE(shows);
    switches += last && *last != shows ? 1 : 0;
    last = shows;
  }
  EXPECT_EQ(switches, 1) << "the operation takes effect at one moment";
  EXPECT_TRUE(last.value_or(false));
  ASSERT_GT(seconds.size(), 4u);
  std::sort(seconds.begin(), seconds.end());
  // A loaded machine may delay any of them.
  EXPECT_LE(seconds[seconds.size() * 9 / 10], 0.1);
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
