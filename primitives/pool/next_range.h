// NextRange: begin() and end() for a class that gives its elements one by one, by a function
// `std::optional<Value> next()`, as an input range.
//
// Thread safety: as of the class.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>

namespace weft {

template <class Source, class Value>
class NextRange {
 public:
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    explicit Iterator(Source& source) : source_(&source), current_(source.next()) {}
    Value& operator*() const { return *current_; }
    Iterator& operator++() {
      current_ = source_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !current_; }

   private:
    Source* source_;
    mutable std::optional<Value> current_;
  };
  Iterator begin() { return Iterator(static_cast<Source&>(*this)); }
  std::default_sentinel_t end() const { return {}; }
};

}  // namespace weft
