// Which bytes race: parts of words, ranges, blocks that are used again, stacks, and what the
// standard library does where nobody sees it.
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// Two threads, unordered.
template <class One, class Other>
void beside(Run& run, One one, Other other) {
  run.thread("one", one);
  run.thread("other", other);
  run.join();
}

struct Bytes {
  alignas(16) unsigned char at[32] = {};
};

const Specimen bytes({.name = "RaceMemory.BytesOfAWordDoNotRace", .holds = true}, [](Run& run) {
  Bytes bytes;
  beside(run, [&] { bytes.at[0] = 1; }, [&] { bytes.at[1] = 1; });
  std::uint64_t whole;
  std::memcpy(&whole, bytes.at, sizeof whole);
  run.require(whole == 0x101, "");
});
const Specimen one_byte({.name = "RaceMemory.OneByteRaces", .violates = Kind::kDataRace},
                        [](Run& run) {
                          Bytes bytes;
                          beside(run, [&] { bytes.at[1] = 1; }, [&] { bytes.at[1] = 2; });
                        });
const Specimen part({.name = "RaceMemory.PartOfAWordRacesWithTheWhole",
                     .violates = Kind::kDataRace},
                    [](Run& run) {
                      Bytes bytes;
                      beside(
                          run, [&] { *reinterpret_cast<volatile std::uint64_t*>(bytes.at) = 1; },
                          [&] { bytes.at[7] = 1; });
                    });
// Also when the word was split before.
const Specimen split(
    {.name = "RaceMemory.WholeRacesWithAPartOfASplitWord", .violates = Kind::kDataRace},
    [](Run& run) {
      Bytes bytes;
      bytes.at[0] = bytes.at[4] = 1;
      beside(
          run, [&] { bytes.at[4] = 2; },
          [&] { run.require(*reinterpret_cast<volatile std::uint64_t*>(bytes.at) != 0, ""); });
    });
const Specimen unaligned({.name = "RaceMemory.UnalignedAccessReachesTheNextWord",
                          .violates = Kind::kDataRace},
                         [](Run& run) {
                           Bytes bytes;
                           beside(
                               run,
                               [&] {
                                 std::uint32_t value = 1;
                                 __builtin_memcpy(bytes.at + 6, &value, sizeof value);
                               },
                               [&] { bytes.at[9] = 1; });
                         });
const Specimen unaligned_beside({.name = "RaceMemory.UnalignedAccessEndsWhereItEnds",
                                 .holds = true},
                                [](Run& run) {
                                  Bytes bytes;
                                  beside(
                                      run,
                                      [&] {
                                        std::uint32_t value = 1;
                                        __builtin_memcpy(bytes.at + 6, &value, sizeof value);
                                      },
                                      [&] { bytes.at[5] = bytes.at[10] = 1; });
                                });
using Wide = __int128;
const Specimen sixteen({.name = "RaceMemory.SixteenBytesRaceInTheirUpperHalf",
                        .violates = Kind::kDataRace},
                       [](Run& run) {
                         Bytes bytes;
                         beside(
                             run, [&] { *reinterpret_cast<volatile Wide*>(bytes.at) = 1; },
                             [&] { bytes.at[15] = 1; });
                       });
struct Fields {
  unsigned low : 4 = 0;
  unsigned high : 4 = 0;
  unsigned char beside = 0;
};
const Specimen fields({.name = "RaceMemory.FieldsOfOneByteRace", .violates = Kind::kDataRace},
                      [](Run& run) {
                        Fields fields;
                        beside(run, [&] { fields.low = 1; }, [&] { fields.high = 1; });
                      });
const Specimen range({.name = "RaceMemory.RangesRace", .violates = Kind::kDataRace}, [](Run& run) {
  std::vector<char> from(100), to(100);
  beside(run, [&] { std::memcpy(to.data(), from.data(), 90); }, [&] { to[89] = 1; });
});
const Specimen range_beside(
    {.name = "RaceMemory.RangesEndWhereTheyEnd", .holds = true}, [](Run& run) {
      std::vector<char> from(100), to(100);
      beside(run, [&] { std::memcpy(to.data(), from.data(), 89); }, [&] { to[89] = 1; });
    });
const Specimen text(
    {.name = "RaceMemory.TextFunctionsReadToTheEnd", .violates = Kind::kDataRace}, [](Run& run) {
      char text[16] = "abc";
      char* volatile at = text;
      beside(run, [&] { run.require(std::strlen(at) <= 4, ""); }, [&] { text[3] = 'd'; });
    });

struct Base {
  virtual ~Base() = default;
  virtual int number() const { return 1; }
};
struct Derived : Base {
  explicit Derived(std::thread& thread, Run& run) {
    thread = std::thread([this, &run] { run.require(number() >= 1, ""); });
  }
};
struct Last final : Derived {
  using Derived::Derived;
  int number() const override { return 2; }
};
const Specimen table({.name = "RaceMemory.CallRacesWithTheConstructor",
                      .violates = Kind::kDataRace},
                     [](Run& run) {
                       std::thread thread;
                       const Last last(thread, run);
                       thread.join();
                     });

const Specimen many_readers({.name = "RaceMemory.AWriteRacesWithTheFirstOfManyReads",
                             .violates = Kind::kDataRace},
                            [](Run& run) {
                              int number = 0;
                              const auto read = [&] { run.require(number >= 0, ""); };
                              std::thread first(read);
                              std::thread second(read);
                              second.join();
                              number = 1;
                              first.join();
                            });
const Specimen reads({.name = "RaceMemory.ReadsDoNotRace", .holds = true}, [](Run& run) {
  int number = 0;
  const auto read = [&] { run.require(number == 0, ""); };
  std::thread first(read);
  std::thread second(read);
  read();
  second.join();
  first.join();
  number = 1;
});

const Specimen own_stack({.name = "RaceMemory.AStackIsUsedAgain", .holds = true}, [](Run& run) {
  const auto work = [&run](int deep) {
    volatile int numbers[8];
    for (int i = 0; i < 8; ++i) numbers[i] = deep;
    run.require(numbers[7] == deep, "");
  };
  for (int i = 0; i < 2; ++i) {
    std::thread thread([&] {
      work(1);
      work(2);
    });
    work(3);
    thread.join();
  }
});
[[gnu::noinline]] void leave(std::thread& other) {
  volatile int numbers[8] = {};
  other = std::thread([&numbers] { numbers[4] = 1; });
}
[[gnu::noinline]] void use_the_stack() {
  volatile int numbers[128];
  for (int i = 0; i < 128; ++i) numbers[i] = i;
}
const Specimen others_stack({.name = "RaceMemory.ADeadFrameIsWrittenByAnother",
                             .violates = Kind::kDataRace},
                            [](Run&) {
                              std::thread other;
                              leave(other);
                              use_the_stack();
                              other.join();
                            });
thread_local int own = 0;
const Specimen locals({.name = "RaceMemory.ThreadLocalsDoNotRace", .holds = true},
                      [](Run& run) { beside(run, [] { ++own; }, [] { ++own; }); });

const Specimen again({.name = "RaceHeap.ABlockUsedAgainIsNew", .holds = true}, [](Run& run) {
  const auto use = [&run] {
    for (int i = 0; i < 2; ++i) {
      const auto number = std::make_unique<int>(i);
      run.require(*number == i, "");
    }
  };
  beside(run, use, use);
});
// The block goes from one thread to the other and back by way of the heap alone.
const Specimen handed({.name = "RaceHeap.ABlockMayBeFreedByAnother", .holds = true}, [](Run& run) {
  int* number = new int(1);
  std::thread other([number] { delete number; });
  other.join();
  const auto next = std::make_unique<int>(2);
  run.require(*next == 2, "");
});
const Specimen freed_in_use({.name = "RaceHeap.FreeRacesWithAnAccess",
                             .violates = Kind::kDataRace,
                             .says = "frees"},
                            [](Run& run) {
                              int* number = new int(1);
                              beside(run, [number] { *number = 2; }, [number] { delete number; });
                            });
const Specimen used_after({.name = "RaceHeap.UseAfterFree",
                           .violates = Kind::kUseAfterFree,
                           .says = "freed"},
                          [](Run& run) {
                            int* volatile number = new int(1);
                            delete number;
                            run.require(*number >= 0, "");
                          });
const Specimen used_atomically_after({.name = "RaceHeap.AtomicUseAfterFree",
                                      .violates = Kind::kUseAfterFree},
                                     [](Run&) {
                                       auto* volatile number = new std::atomic<int>(1);
                                       delete number;
                                       number->store(1);
                                     });
const Specimen lost({.name = "RaceHeap.Leak", .violates = Kind::kLeak, .says = "nobody has freed"},
                    [](Run& run) {
                      std::atomic<int*> shared{nullptr};
                      const auto get = [&] {
                        if (shared.load() == nullptr) shared.store(new int(7));
                      };
                      run.thread(get);
                      run.thread(get);
                      run.join();
                      delete shared.load();
                    });
const Specimen owned({.name = "RaceHeap.WhoComesSecondFreesItsOwn", .holds = true}, [](Run& run) {
  std::atomic<int*> shared{nullptr};
  const auto get = [&] {
    if (shared.load() != nullptr) return;
    int* none = nullptr;
    int* const made = new int(7);
    if (!shared.compare_exchange_strong(none, made)) delete made;
  };
  run.thread(get);
  run.thread(get);
  run.join();
  delete shared.load();
});
const Specimen freed_twice({.name = "RaceHeap.DoubleFree", .violates = Kind::kDoubleFree},
                           [](Run&) {
                             void* volatile block = std::malloc(8);
                             std::free(block);
                             std::free(block);
                           });
const Specimen reallocated({.name = "RaceHeap.UseAfterRealloc", .violates = Kind::kUseAfterFree},
                           [](Run&) {
                             char* volatile block = static_cast<char*>(std::malloc(8));
                             char* moved = static_cast<char*>(std::realloc(block, 100));
                             moved[0] = 1;
                             block[0] = 1;
                             std::free(moved);
                           });

const Specimen strings({.name = "RaceLibrary.StringsOfOnesOwn", .holds = true}, [](Run& run) {
  const std::string shared = "a text that is too long for the small string";
  const auto use = [&] {
    std::string own = shared;
    own += "!";
    run.require(own.size() == shared.size() + 1, "");
  };
  beside(run, use, use);
});
const Specimen shared_string(
    {.name = "RaceLibrary.OneStringRaces", .violates = Kind::kDataRace}, [](Run& run) {
      std::string shared = "a text that is too long for the small string";
      beside(run, [&] { shared += "!"; }, [&] { run.require(std::string(shared).size() > 9, ""); });
    });
const Specimen streams({.name = "RaceLibrary.StreamsOfOnesOwn"}, [](Run& run) {
  const auto use = [&] {
    std::ostringstream own;
    own << 1 << " and " << 2.5;
    run.require(own.str() == "1 and 2.5", "");
  };
  beside(run, use, use);
});
const Specimen pointers({.name = "RaceLibrary.SharedPointersCount", .holds = true}, [](Run& run) {
  auto shared = std::make_shared<int>(1);
  const auto use = [&run](std::shared_ptr<int> own) { run.require(*own == 1, ""); };
  std::thread one(use, shared);
  std::thread other(use, std::move(shared));
  one.join();
  other.join();
});
const Specimen one_pointer({.name = "RaceLibrary.OneSharedPointerRaces",
                            .violates = Kind::kDataRace},
                           [](Run& run) {
                             auto shared = std::make_shared<int>(1);
                             beside(
                                 run, [&] { shared = nullptr; },
                                 [&] {
                                   const auto own = shared;
                                   run.require(!own || *own == 1, "");
                                 });
                           });
const Specimen atomic_pointer(
    {.name = "RaceLibrary.AtomicSharedPointer",
     .explored_only = "libstdc++ 12 gives its lock back relaxed, which ThreadSanitizer reports"},
    [](Run& run) {
      std::atomic<std::shared_ptr<int>> shared(std::make_shared<int>(1));
      beside(
          run, [&] { shared.store(std::make_shared<int>(2)); },
          [&] {
            const auto own = shared.load();
            run.require(*own >= 1, "");
          });
    });
const Specimen exceptions({.name = "RaceLibrary.ExceptionsAreCounted"}, [](Run& run) {
  std::exception_ptr error;
  try {
    throw std::runtime_error("a text of its own");
  } catch (...) {
    error = std::current_exception();
  }
  const auto look = [&run](std::exception_ptr own) {
    try {
      std::rethrow_exception(std::move(own));
    } catch (const std::exception& caught) {
      run.require(caught.what()[0] == 'a', "");
    }
  };
  std::thread one(look, error);
  std::thread other(look, std::move(error));
  one.join();
  other.join();
});
struct Note {
  int number = 1;
};
const Specimen holders({.name = "RaceLibrary.HoldersOfAnExceptionRace",
                        .violates = Kind::kDataRace},
                       [](Run&) {
                         std::exception_ptr error = std::make_exception_ptr(Note());
                         const auto change = [](std::exception_ptr own) {
                           try {
                             std::rethrow_exception(std::move(own));
                           } catch (Note& note) {
                             ++note.number;
                           }
                         };
                         std::thread one(change, error);
                         std::thread other(change, std::move(error));
                         one.join();
                         other.join();
                       });

}  // namespace
}  // namespace weft::suite
