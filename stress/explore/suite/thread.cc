// std::thread.
#include <latch>
#include <memory>
#include <stdexcept>
#include <thread>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

const Specimen join({.name = "Thread.JoinSeesWhatItDid", .holds = true}, [](Run& run) {
  int value = 0;
  std::thread thread([&] { value = 1; });
  thread.join();
  run.require(value == 1, "what a thread did is seen after join()");
});

const Specimen argument({.name = "Thread.TakesItsArguments", .holds = true}, [](Run& run) {
  int sum = 0;
  std::thread thread([](int a, std::unique_ptr<int> b, int& to) { to = a + *b; }, 1,
                     std::make_unique<int>(2), std::ref(sum));
  thread.join();
  run.require(sum == 3, "arguments arrive, by move and by reference");
});

const Specimen ids({.name = "Thread.IdsDiffer", .holds = true}, [](Run& run) {
  std::thread::id ids[2];
  std::thread first([&] { ids[0] = std::this_thread::get_id(); });
  std::thread second([&] { ids[1] = std::this_thread::get_id(); });
  run.require(first.get_id() != second.get_id(), "two threads have two ids");
  const std::thread::id told[2] = {first.get_id(), second.get_id()};
  first.join();
  second.join();
  run.require(ids[0] == told[0] && ids[1] == told[1], "a thread's id is the same inside");
  run.require(ids[0] != std::this_thread::get_id(), "a thread's id is not its maker's");
});

const Specimen detach({.name = "Thread.DetachedRunsToItsEnd", .holds = true}, [](Run& run) {
  auto done = std::make_shared<std::latch>(1);
  std::thread thread([done] { done->count_down(); });
  thread.detach();
  run.require(!thread.joinable(), "a detached thread is not joinable");
  done->wait();
});

const Specimen nested({.name = "Thread.MakesAnother", .holds = true}, [](Run& run) {
  int value = 0;
  std::thread outer([&] {
    std::thread inner([&] { value = 1; });
    inner.join();
    ++value;
  });
  outer.join();
  run.require(value == 2, "a thread may make and join another");
});

const Specimen self(
    {.name = "Thread.JoinsItself", .violates = Kind::kException, .says = "deadlock"}, [](Run&) {
      std::latch made(1);
      std::thread thread;
      thread = std::thread([&] {
        made.wait();
        thread.join();
      });
      made.count_down();
      std::latch never(1);
      never.wait();
    });

const Specimen unjoined({.name = "Thread.DestroyedUnjoined",
                         .violates = Kind::kCrash,
                         .says = "std::terminate() was called"},
                        [](Run&) { std::thread thread([] {}); });

const Specimen throws({.name = "Thread.ThrowsOut",
                       .violates = Kind::kException,
                       .says = "out of the thread"},
                      [](Run&) {
                        std::thread thread([] { throw std::runtime_error("out of the thread"); });
                        thread.join();
                      });

}  // namespace
}  // namespace weft::suite
