// A type's description as text, made by the compiler, and a number that stands for it on the wire.
// The text has what the bytes depend on: kinds and sizes of numbers, members in their order, and
// the names that users give to their types (Encoding::kName); not the names of C++ types, so two
// builds that lay the same bytes agree.
//
// Thread safety: any thread.
// Non-invariants: that different texts have different numbers: 56 bits of FNV-1a
//                 (http://www.isthe.com/chongo/tech/comp/fnv/), which somebody hostile can make
//                 collide. Every decoder therefore checks all that it reads as well.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::ipc::detail {

// Counts what is added to it, and keeps it if it has somewhere to.
class TextSink {
 public:
  explicit constexpr TextSink(char* out) : out_(out) {}
  constexpr void add(std::string_view text) {
    for (const char c : text) {
      if (out_ != nullptr) out_[size_] = c;
      ++size_;
    }
  }
  constexpr void add_number(std::uint64_t number) {
    if (number >= 10) add_number(number / 10);
    const char digit = static_cast<char>('0' + number % 10);
    add({&digit, 1});
  }
  constexpr std::size_t size() const { return size_; }

 private:
  char* out_;
  std::size_t size_ = 0;
};

template <class Codec>
consteval std::size_t text_size() {
  TextSink sink(nullptr);
  Codec::template describe<>(sink);
  return sink.size();
}
template <class Codec>
consteval auto text_array() {
  std::array<char, text_size<Codec>()> text{};
  TextSink sink(text.data());
  Codec::template describe<>(sink);
  return text;
}
template <class Codec>
inline constexpr auto kTextArray = text_array<Codec>();
template <class Codec>
inline constexpr std::string_view kText{kTextArray<Codec>.data(), kTextArray<Codec>.size()};

// Of the encoding itself: another one lays other bytes for the same description.
inline constexpr std::uint8_t kVersion = 1;

//   bits 0-7 | bits 8-63
//   version  | of the description
using TypeWord = std::uint64_t;
constexpr TypeWord type_word(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return hash << 8 | kVersion;
}

// The types that this program encodes or decodes, so that an error can say what came.
struct KnownType {
  explicit KnownType(std::string_view text);
  KnownType(const KnownType&) = delete;
  KnownType& operator=(const KnownType&) = delete;

  const std::string_view text;
  const TypeWord word;
  const KnownType* next;
};
template <class Codec>
inline const KnownType kKnown{kText<Codec>};

// "vector<i32> came", or as much as can be said.
std::string what_came(TypeWord word);

}  // namespace weft::ipc::detail
