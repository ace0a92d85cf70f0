// The functions that allocate, each by itself.
#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

using Allocate = void* (*)(std::size_t bytes);

// By volatile pointers, so that the compiler knows nothing of what they do.
template <auto function>
constexpr auto kCalled = [](auto... arguments) {
  auto* volatile called = function;
  return called(arguments...);
};

void* by_malloc(std::size_t bytes) { return kCalled<std::malloc>(bytes); }
void* by_calloc(std::size_t bytes) { return kCalled<std::calloc>(bytes, std::size_t{1}); }
void* by_realloc(std::size_t bytes) {
  return kCalled<std::realloc>(static_cast<void*>(nullptr), bytes);
}
void* by_reallocarray(std::size_t bytes) {
  return kCalled<::reallocarray>(static_cast<void*>(nullptr), bytes, std::size_t{1});
}
void* by_memalign(std::size_t bytes) { return kCalled<::memalign>(std::size_t{64}, bytes); }
void* by_aligned_alloc(std::size_t bytes) {
  return kCalled<std::aligned_alloc>(std::size_t{64}, bytes);
}
void* by_posix_memalign(std::size_t bytes) {
  void* block = nullptr;
  return kCalled<::posix_memalign>(&block, std::size_t{64}, bytes) == 0 ? block : nullptr;
}
void* by_valloc(std::size_t bytes) { return kCalled<::valloc>(bytes); }
void* by_pvalloc(std::size_t bytes) { return kCalled<::pvalloc>(bytes); }

constexpr std::size_t kBytes = 192;

// Blocks of two threads that live at once, and what is known of each.
template <Allocate allocate, std::size_t alignment>
void right(Run& run) {
  const auto use = [&run](int value) {
    auto* const block = static_cast<unsigned char*>(allocate(kBytes));
    run.require(block != nullptr, "there is room");
    run.require(reinterpret_cast<std::uintptr_t>(block) % alignment == 0, "it is aligned");
    run.require(malloc_usable_size(block) >= kBytes, "it is as large as asked");
    std::memset(block, value, kBytes);
    return block;
  };
  unsigned char* first = nullptr;
  run.thread([&] { first = use(1); });
  auto* second = use(2);
  run.join();
  run.require(first[0] == 1 && first[kBytes - 1] == 1, "nobody else has written to it");
  run.require(second[0] == 2 && second[kBytes - 1] == 2, "nor to the other one");
  std::free(first);
  second = static_cast<unsigned char*>(std::realloc(second, 4 * kBytes));
  run.require(second[0] == 2 && second[kBytes - 1] == 2, "it has moved with its contents");
  std::free(second);
}

template <Allocate allocate>
void wrong(Run&) {
  auto* volatile block = static_cast<unsigned char*>(allocate(kBytes));
  std::free(block);
  block[kBytes - 1] = 1;
}

#define BOTH(function, alignment)                                                    \
  const Specimen right_##function({.name = "Allocation." #function, .holds = true},  \
                                  right<by_##function, alignment>);                  \
  const Specimen wrong_##function({.name = "Allocation." #function "UsedAfterwards", \
                                   .violates = Kind::kUseAfterFree,                  \
                                   .says = "freed"},                                 \
                                  wrong<by_##function>)

BOTH(malloc, alignof(std::max_align_t));
BOTH(calloc, alignof(std::max_align_t));
BOTH(realloc, alignof(std::max_align_t));
BOTH(reallocarray, alignof(std::max_align_t));
BOTH(memalign, 64);
BOTH(aligned_alloc, 64);
BOTH(posix_memalign, 64);
BOTH(valloc, 4096);
BOTH(pvalloc, 4096);

const Specimen cleared({.name = "Allocation.CallocClearsWhatWasUsedBefore", .holds = true},
                       [](Run& run) {
                         for (int i = 0; i < 2; ++i) {
                           auto* const block = static_cast<unsigned char*>(by_calloc(kBytes));
                           for (std::size_t at = 0; at < kBytes; ++at) {
                             run.require(block[at] == 0, "it is cleared");
                           }
                           std::memset(block, 0xff, kBytes);
                           std::free(block);
                         }
                       });

const Specimen too_much({.name = "Allocation.TooMuchIsRefused",
                         .holds = true,
                         .explored_only = "the sanitizers' own functions end the program instead"},
                        [](Run& run) {
                          const std::size_t half = SIZE_MAX / 2 + 2;
                          run.require(kCalled<std::calloc>(half, std::size_t{2}) == nullptr,
                                      "calloc");
                          run.require(kCalled<::reallocarray>(static_cast<void*>(nullptr), half,
                                                              std::size_t{2}) == nullptr,
                                      "reallocarray");
                          void* block = nullptr;
                          run.require(kCalled<::posix_memalign>(&block, std::size_t{24},
                                                                std::size_t{8}) != 0,
                                      "an alignment that is none");
                        });

}  // namespace
}  // namespace weft::suite
