// Messages that go through the ring in pieces, among the threads of one process: whole or not at
// all, also if the putter's time is over or the getter gives up.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <new>
#include <span>
#include <string>

#include "primitives/base/errors.h"
#include "primitives/message/queue.h"
#include "stress/check.h"

namespace weft::ipc {
namespace {

using std::chrono::milliseconds;

// Messages longer than the ring go through it in pieces, while short ones of others wait in line.
TEST(IpcQueue, GivesLongMessagesWholeAmongShortOnes) {
  check(
      [](weft::Run& run) {
        Queue<std::string> queue(0, 256);
        const std::string first(300, 'a');
        const std::string second(150, 'b');
        run.thread([&] { queue.put(first); });
        run.thread([&] { queue.put(second); });
        run.thread([&] {
          int firsts = 0;
          for (int i = 0; i < 2; ++i) {
            const std::string got = queue.get();
            run.require(got == first || got == second, "a whole message");
            firsts += got == first ? 1 : 0;
          }
          run.require(firsts == 1, "each once");
        });
        run.join();
        run.require(queue.empty() && queue.torn() == 0, "nothing is left");
      },
      // Nobody gives up.
      {.patient = true});
}

// A getter that has begun waits for the rest, as long as its putter lives.
TEST(IpcQueue, GivesALongMessageWholeHoweverSlowItsPutterIs) {
  check([](weft::Run& run) {
    Queue<std::string> queue(0, 256);
    const std::string item(300, 'a');
    run.thread([&] { queue.put(item); });
    run.thread([&] { run.require(queue.get() == item, "a whole message"); });
    run.join();
    run.require(queue.empty() && queue.torn() == 0, "nothing is left");
  });
}

// Or a getter might have begun with what is then taken back.
TEST(IpcQueue, BeginsNothingInTimeThatFitsLater) {
  check([](weft::Run& run) {
    Queue<std::string> queue(0, 512);
    queue.put(std::string(200, 'a'));
    run.thread([&] {
      try {
        queue.put_for(std::string(380, 'b'), std::chrono::microseconds(50));
      } catch (const QueueFull&) {
      }
    });
    run.thread([&] {
      (void)queue.get();
      (void)queue.try_get();
    });
    run.join();
    run.require(queue.torn() == 0, "it is put at once or not at all");
  });
}

// A getter without memory for a message leaves it where it was, and its putter may give up after.
TEST(IpcQueue, TakesBackWhatAGetterHasSeenAndNotTaken) {
  struct Throws final : detail::Sink {
    void begin(std::size_t) override { throw std::bad_alloc(); }
    std::span<std::byte> next(std::size_t) override { return {}; }
  };
  check([](weft::Run& run) {
    Queue<std::string> queue(0, 256);
    run.thread([&] {
      try {
        queue.put_for(std::string(300, 'a'), milliseconds(2));
        run.require(false, "nobody has taken it out");
      } catch (const QueueFull&) {
      }
    });
    run.thread([&] {
      Throws sink;
      try {
        run.require(!queue.bytes_for_test().get(sink, Deadline::after(milliseconds(2))), "throws");
      } catch (const std::bad_alloc&) {
      }
    });
    run.join();
    run.require(!queue.try_get(), "it is not there");
    for (const char* const text : {"b", "c"}) {
      queue.put(text);
      run.require(queue.try_get() == text, "what was put since is got");
    }
  });
}

}  // namespace
}  // namespace weft::ipc
