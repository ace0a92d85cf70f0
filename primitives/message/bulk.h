// Bulk: strings and vectors of mere bytes, which go from the caller's memory into a queue and out
// of it into the caller's, as one copy each.
//
// Thread safety: by one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "primitives/message/byte_queue.h"
#include "primitives/message/capacity.h"
#include "primitives/message/codec.h"

namespace weft::ipc::detail {

template <class T>
inline constexpr bool kIsBulk = false;
template <class E, class A>
inline constexpr bool kIsBulk<std::vector<E, A>> = Codec<E>::dense();
template <class E, class Traits, class A>
inline constexpr bool kIsBulk<std::basic_string<E, Traits, A>> = Codec<E>::dense();

// What stands before the elements: the message's type and their number.
inline constexpr std::size_t kBulkHead = kHeader + sizeof(Count);
using BulkHead = std::array<std::byte, kBulkHead>;

template <class T>
BulkHead bulk_head(const T& value) {
  constexpr TypeWord kWord = type_word(kText<Codec<T>>);
  (void)kKnown<Codec<T>>;
  BulkHead head;
  std::memcpy(head.data(), &kWord, kHeader);
  Writer writer(std::span(head).subspan(kHeader));
  write_count(writer, value.size());
  return head;
}

// The elements go into a value, whose memory is used again; a message of another type into `other`.
template <class T>
class BulkSink final : public Sink {
 public:
  using Element = typename T::value_type;

  explicit BulkSink(T& value) : value_(value) {}

  void begin(std::size_t total) override {
    total_ = total;
    received_ = 0;
    is_other_ = total < kBulkHead;
    other_.begin(total);
  }
  std::span<std::byte> next(std::size_t most) override {
    if (is_other_) return other_.next(most);
    if (received_ < kBulkHead) {
      const std::size_t begin = std::exchange(received_, std::min(kBulkHead, received_ + most));
      return std::span(head_).subspan(begin, received_ - begin);
    }
    if (received_ == kBulkHead && !is_right()) {
      is_other_ = true;
      std::copy(head_.begin(), head_.end(), other_.next(kBulkHead).begin());
      return other_.next(most);
    }
    const std::size_t begin = received_ - kBulkHead;
    received_ += most;
    const std::size_t wanted =
        capacity_for(begin + most, total_ - kBulkHead, value_.size() * sizeof(Element));
    const std::size_t size = (wanted + sizeof(Element) - 1) / sizeof(Element);
    if (begin == 0 || value_.size() < size) value_.resize(size);
    return std::as_writable_bytes(std::span(value_.data(), value_.size())).subspan(begin, most);
  }
  // Throws DecodeError.
  void finish() {
    if (is_other_ || received_ < kBulkHead || !is_right()) refuse();
    if (total_ == kBulkHead) value_.clear();
  }

 private:
  bool is_right() const {
    Count count;
    std::memcpy(&count, head_.data() + kHeader, sizeof count);
    constexpr TypeWord kWord = type_word(kText<Codec<T>>);
    return std::memcmp(head_.data(), &kWord, kHeader) == 0 &&
           total_ - kBulkHead == std::size_t{count} * sizeof(Element);
  }
  [[noreturn]] void refuse() {
    if (!is_other_) std::copy(head_.begin(), head_.end(), other_.next(kBulkHead).begin());
    (void)decode<T>(other_.bytes());
    throw DecodeError("decode: a sequence of another length");
  }

  T& value_;
  BulkHead head_;
  std::size_t total_ = 0;
  std::size_t received_ = 0;
  bool is_other_ = false;
  Message other_;
};

}  // namespace weft::ipc::detail
