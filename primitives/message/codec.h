// encode and decode: values as bytes, for messages between processes.
//
//   const std::vector<std::byte> bytes = ipc::encode(std::map<std::string, int>{{"a", 1}});
//   const auto map = ipc::decode<std::map<std::string, int>>(bytes);
//
// What can be sent: numbers (not long double), bool, enumerations with an underlying type,
// std::chrono::duration, string, vector, deque, list, array, set, map and their unordered kin,
// pair, tuple, optional, variant; aggregates of up to twelve members of such types, as they are;
// and, by the one customisation point, other types:
//
//   template <>
//   struct weft::ipc::Encoding<Order> {
//     static constexpr std::string_view kName = "Order 2";  // name and version
//     static auto members(auto& order) { return std::tie(order.item, order.count); }
//   };
//
// or, for a type that is made by its constructor, which may throw to refuse, the two functions
// to_parts(const T&) and from_parts(Parts), where Parts is any type that can be sent.
//
// What cannot, at compile time and with a sentence: pointers and references of all kinds, views,
// functions and whatever else may hold code or addresses.
//
// Thread safety: any thread; the values are the caller's.
// Invariants:     (I1) decode<T>(encode(T)) is equal to the value.
//                 (I2) decode gives a value or throws DecodeError, whatever the bytes: hostile ones
//                      read nothing beyond them, make no value that T does not have, recurse no
//                      deeper than 100, and take memory in proportion to their number.
//                 (I3) A message of another type, or of another version of the encoding or of a
//                      type, is refused by the word it begins with; see type_text.h.
// Non-invariants: that equal values have equal bytes (unordered containers), or that the bytes mean
//                 anything on a machine of another byte order: between processes of one machine.
//
// Why not a library (cereal, Boost.Serialization, MessagePack; FlatBuffers, Cap'n Proto and
// Protocol Buffers with a compiler of their own): the first three ask for the memory that a length
// claims before they look whether so many bytes are there, or tag each element; none refuses
// pointers, knows a type by a word of eight bytes, or sends a small struct as one copy into a given
// buffer.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "primitives/message/containers.h"
#include "primitives/message/encoding.h"
#include "primitives/message/message_errors.h"
#include "primitives/message/type_text.h"
#include "primitives/message/user_types.h"
#include "primitives/message/wire.h"

namespace weft::ipc {

namespace detail {
template <class T>
using CodecOf = Codec<std::remove_cv_t<T>>;

inline constexpr std::size_t kHeader = sizeof(TypeWord);
}  // namespace detail

// What a DecodeError calls the type.
template <class T>
constexpr std::string_view type_text() {
  return detail::kText<detail::CodecOf<T>>;
}

// Whether every value takes as many bytes, so that a buffer's size is known beforehand.
template <class T>
inline constexpr bool kFixedSize = detail::CodecOf<T>::fixed();

// Bytes of the message.
template <class T>
std::size_t encoded_size(const T& value) {
  using Codec = detail::CodecOf<T>;
  if constexpr (Codec::fixed()) {
    return detail::kHeader + Codec::least();
  } else {
    detail::Sizer sizer;
    Codec::write(sizer, value);
    return detail::kHeader + sizer.size();
  }
}

namespace detail {
// Into a buffer of exactly encoded_size(value) bytes. Throws as encode_into.
template <class T>
void encode_measured(std::span<std::byte> buffer, const T& value) {
  using Codec = CodecOf<T>;
  constexpr TypeWord kWord = type_word(kText<Codec>);
  (void)kKnown<Codec>;
  std::memcpy(buffer.data(), &kWord, sizeof kWord);
  Writer writer(buffer.subspan(kHeader));
  Codec::write(writer, value);
  // As much as was measured, unless another thread changes the value.
  if (writer.left() != 0) throw ValueError("encode: the value changed while it was encoded");
}
}  // namespace detail

// Into the beginning of `buffer`; allocates nothing. Returns the message's size. Throws ValueError
// if the buffer is too short, or if the value cannot be sent: nested too deeply, a variant without
// a value, 2^32 elements.
template <class T>
std::size_t encode_into(std::span<std::byte> buffer, const T& value) {
  const std::size_t size = encoded_size(value);
  if (size > buffer.size()) {
    throw ValueError("encode_into: a buffer of " + std::to_string(buffer.size()) +
                     " bytes for a message of " + std::to_string(size));
  }
  detail::encode_measured(buffer.first(size), value);
  return size;
}

template <class T>
std::vector<std::byte> encode(const T& value) {
  std::vector<std::byte> bytes(encoded_size(value));
  detail::encode_measured(bytes, value);
  return bytes;
}

// Throws DecodeError.
template <class T>
T decode(std::span<const std::byte> bytes) {
  using Codec = detail::CodecOf<T>;
  constexpr detail::TypeWord kWord = detail::type_word(detail::kText<Codec>);
  (void)detail::kKnown<Codec>;
  detail::Reader reader(bytes, type_text<T>());
  const auto word = reader.number<detail::TypeWord>();
  if (word != kWord) reader.refuse(detail::what_came(word));
  T value = Codec::read(reader);
  if (reader.left() != 0) reader.refuse(std::to_string(reader.left()) + " bytes too many came");
  return value;
}

}  // namespace weft::ipc
