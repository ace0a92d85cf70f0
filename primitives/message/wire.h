// Writer and Reader: bytes into a buffer that is large enough, and out of one that nobody trusts.
//
// Thread safety: by one thread.
// Invariants:     (I1) neither touches a byte outside the buffer it was made with.
//                 (I2) a Reader never goes deeper than kDepth types that contain each other.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "primitives/base/errors.h"
#include "primitives/message/message_errors.h"

namespace weft::ipc::detail {

static_assert(std::endian::native == std::endian::little,
              "numbers travel as they lie in memory, least byte first");

// A value of a user's type inside a value of a user's type, and so on. The same limit holds for who
// writes: what is encoded can be decoded.
inline constexpr int kDepth = 100;

// The number of elements of a sequence.
using Count = std::uint32_t;

class Depth {
 public:
  explicit Depth(int& depth) : depth_(depth) { ++depth_; }
  ~Depth() { --depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  int& depth_;
};

// What a Sizer and a Writer have in common. A codec writes to either, so that what is measured is
// what is written.
class Output {
 public:
  [[nodiscard]] Depth enter() {
    if (depth_ == kDepth) throw ValueError("encode: values are nested too deeply");
    return Depth(depth_);
  }

 private:
  int depth_ = 0;
};

class Sizer : public Output {
 public:
  void bytes(const void*, std::size_t size) { size_ += size; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

class Writer : public Output {
 public:
  explicit Writer(std::span<std::byte> buffer) : buffer_(buffer) {}

  void bytes(const void* data, std::size_t size) {
    // A value that grew since it was measured: another thread writes to it.
    if (size > buffer_.size()) throw ValueError("encode: the value changed while it was encoded");
    if (size != 0) std::memcpy(buffer_.data(), data, size);
    buffer_ = buffer_.subspan(size);
  }
  std::size_t left() const { return buffer_.size(); }

 private:
  std::span<std::byte> buffer_;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::string_view type) : bytes_(bytes), type_(type) {}

  std::size_t left() const { return bytes_.size(); }

  const std::byte* take(std::size_t size) {
    if (size > bytes_.size()) refuse("the message ends inside it");
    const std::byte* const data = bytes_.data();
    bytes_ = bytes_.subspan(size);
    return data;
  }
  template <class T>
  T number() {
    static_assert(std::is_arithmetic_v<T>);
    T value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  // Of elements that take `least` bytes each, at least: so many cannot be claimed that room for
  // them would be out of proportion to the message.
  std::size_t count(std::size_t least) {
    const Count count = number<Count>();
    if (count > left() / least) refuse("a sequence claims more elements than there are bytes");
    return count;
  }

  [[nodiscard]] Depth enter() {
    if (depth_ == kDepth) refuse("values are nested too deeply");
    return Depth(depth_);
  }

  [[noreturn]] void refuse(std::string_view why) const {
    throw DecodeError(std::string("decode: expected ").append(type_).append("; ").append(why));
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string_view type_;
  int depth_ = 0;
};

}  // namespace weft::ipc::detail
