// thread_local variables and their destructors.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// Tells where it was destroyed.
struct Witness {
  std::vector<int>* told = nullptr;
  int number = 0;
  ~Witness() {
    if (told != nullptr) told->push_back(number);
  }
};

thread_local int plain = 5;
thread_local std::string text = "fresh";
thread_local Witness first;
thread_local Witness second;

const Specimen fresh({.name = "ThreadLocal.IsFreshInEachThread", .holds = true}, [](Run& run) {
  const auto use = [&] {
    run.require(plain == 5, "a constant initialiser has set it");
    run.require(text == "fresh", "a dynamic initialiser has set it");
    plain = 6;
    text += " no more, and longer than what fits into the string object itself";
    std::this_thread::yield();
    run.require(plain == 6, "nobody else writes to it");
    run.require(text.size() > 30, "nobody else writes to the string");
  };
  run.thread(use);
  run.thread(use);
  run.join();
});

const Specimen destroyed({.name = "ThreadLocal.IsDestroyedWithItsThread", .holds = true},
                         [](Run& run) {
                           std::vector<int> told;
                           std::thread thread([&] {
                             first.number = 1;
                             first.told = &told;
                             second.number = 2;
                             second.told = &told;
                           });
                           thread.join();
                           run.require(told == std::vector<int>({2, 1}),
                                       "the last one made is destroyed first, all before join()");
                         });

struct Cleaner {
  std::unique_ptr<int> block;
  std::vector<int>* told = nullptr;
  ~Cleaner() {
    if (told == nullptr) return;
    // Makes another thread_local of this thread, which is destroyed in turn.
    second.number = 3;
    second.told = told;
  }
};
thread_local Cleaner cleaner;

const Specimen late({.name = "ThreadLocal.IsMadeInADestructor", .holds = true}, [](Run& run) {
  std::vector<int> told;
  std::thread thread([&] {
    cleaner.block = std::make_unique<int>(1);
    cleaner.told = &told;
  });
  thread.join();
  run.require(told == std::vector<int>({3}), "what a destructor makes is destroyed as well");
});

const Specimen shared({.name = "ThreadLocal.TakenForShared",
                       .violates = Kind::kAssertion,
                       .says = "both"},
                      [](Run& run) {
                        run.thread([] { ++plain; });
                        run.thread([] { ++plain; });
                        run.join();
                        run.require(plain == 7, "the additions of both are seen");
                      });

}  // namespace
}  // namespace weft::suite
