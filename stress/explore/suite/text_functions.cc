// The memory and string functions of libc, each by itself: they reach as far as they must, and no
// further.
#include <cstring>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// By volatile pointers: a compiler has functions of its own in their place where it knows them.
template <auto function>
constexpr auto kCalled = [](auto... arguments) {
  auto* volatile called = function;
  return called(arguments...);
};

// What a call reads and writes; the texts are "abcabc" and as much as a test has room for.
struct Texts {
  static constexpr std::size_t kRoom = 16;
  char from[kRoom] = "abcabc";
  char other[kRoom] = "abcabc";
  char to[kRoom] = "------------";
};

// Each touches nothing but by its call; what came of it is looked at afterwards.
struct Result {
  long number = 0;
  const void* place = nullptr;
};

void by_memcpy(Texts& texts, Result&) {
  kCalled<std::memcpy>(texts.to, texts.from, std::size_t{5});
}
void by_memmove(Texts& texts, Result&) {
  kCalled<std::memmove>(texts.to, texts.from, std::size_t{5});
}
void by_memset(Texts& texts, Result&) { kCalled<std::memset>(texts.to, 'x', std::size_t{5}); }
void by_memcmp(Texts& texts, Result& result) {
  result.number = kCalled<std::memcmp>(texts.from, texts.other, std::size_t{5});
}
void by_memchr(Texts& texts, Result& result) {
  auto* volatile find = static_cast<const void* (*)(const void*, int, std::size_t)>(std::memchr);
  result.place = find(texts.from, 'c', Texts::kRoom);
}
void by_strlen(Texts& texts, Result& result) {
  result.number = static_cast<long>(kCalled<std::strlen>(texts.from));
}
void by_strcmp(Texts& texts, Result& result) {
  result.number = kCalled<std::strcmp>(texts.from, texts.other);
}
void by_strncmp(Texts& texts, Result& result) {
  result.number = kCalled<std::strncmp>(texts.from, texts.other, std::size_t{5});
}
void by_strcpy(Texts& texts, Result&) { kCalled<std::strcpy>(texts.to, texts.from); }
void by_strncpy(Texts& texts, Result&) {
  kCalled<std::strncpy>(texts.to, texts.from, std::size_t{9});
}
void by_strchr(Texts& texts, Result& result) {
  auto* volatile find = static_cast<const char* (*)(const char*, int)>(std::strchr);
  result.place = find(texts.from, 'c');
}

using Call = void (*)(Texts&, Result&);

// Another thread writes to this byte meanwhile.
template <Call call, auto text, std::size_t byte>
void beside(Run& run) {
  Texts texts;
  Result result;
  run.thread("caller", [&] { call(texts, result); });
  run.thread("writer", [&] { (texts.*text)[byte] = 'z'; });
  run.join();
}

// Alone they do what they are for.
const Specimen alone({.name = "Text.EachDoesItsWork", .holds = true}, [](Run& run) {
  const auto after = [&run](Call call, const char* to, long number, long place) {
    Texts texts;
    Result result;
    call(texts, result);
    run.require(std::strcmp(texts.to, to) == 0, to);
    run.require(result.number == number, "the number is right");
    run.require(result.place == (place < 0 ? nullptr : texts.from + place), "and the place");
  };
  after(by_memcpy, "abcab-------", 0, -1);
  after(by_memmove, "abcab-------", 0, -1);
  after(by_memset, "xxxxx-------", 0, -1);
  after(by_memcmp, "------------", 0, -1);
  after(by_memchr, "------------", 0, 2);
  after(by_strlen, "------------", 6, -1);
  after(by_strcmp, "------------", 0, -1);
  after(by_strncmp, "------------", 0, -1);
  after(by_strcpy, "abcabc", 0, -1);
  after(by_strncpy, "abcabc", 0, -1);
  after(by_strchr, "------------", 0, 2);
});

#define BOTH(function, text, last)                                                         \
  const Specimen right_##function##_##text(                                                \
      {.name = "Text." #function "LeavesTheRestOf_" #text, .holds = true},                 \
      beside<by_##function, &Texts::text, last + 1>);                                      \
  const Specimen wrong_##function##_##text(                                                \
      {.name = "Text." #function "RacesForTheLastOf_" #text, .violates = Kind::kDataRace}, \
      beside<by_##function, &Texts::text, last>)

BOTH(memcpy, from, 4);
BOTH(memcpy, to, 4);
BOTH(memmove, from, 4);
BOTH(memmove, to, 4);
BOTH(memset, to, 4);
BOTH(memcmp, from, 4);
BOTH(memcmp, other, 4);
BOTH(memchr, from, 2);
BOTH(strlen, from, 6);
BOTH(strcmp, from, 6);
BOTH(strcmp, other, 6);
BOTH(strncmp, from, 4);
BOTH(strncmp, other, 4);
BOTH(strcpy, from, 6);
BOTH(strcpy, to, 6);
BOTH(strncpy, from, 6);
BOTH(strncpy, to, 8);
BOTH(strchr, from, 2);

}  // namespace
}  // namespace weft::suite
