// KnownCode: the code that this process has loaded at a point of time, and that its later children
// therefore have at the same addresses.
//
// Thread safety: as a constant.
// Non-invariants: code that was unloaded since, and other code loaded in its place.
#pragma once

#include <cstdint>
#include <vector>

namespace weft::internal {

class KnownCode {
 public:
  // What is loaded now.
  KnownCode();

  bool contains(std::uint64_t address) const;

 private:
  struct Segment {
    std::uint64_t begin, end;
  };
  std::vector<Segment> segments_;  // by their beginning
};

}  // namespace weft::internal
