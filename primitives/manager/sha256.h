// SHA-256 and HMAC with it, for the one proof that each connection to a manager begins with.
//
// Why not a library: libcrypto and its kin are megabytes that every program with a manager would
// have to find and load, with state, threads and handlers of their own that a fork has to be right
// about. This is a page, which the test holds against the published vectors. It is no general
// cryptography: nothing here hides what the processor's caches know, and nothing is encrypted.
//
// Thread safety: no state.
// Source: FIPS 180-4 (2015), sections 4.1.2, 4.2.2, 5 and 6.2; FIPS 198-1 (2008), section 4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>

namespace weft::internal {

using Digest = std::array<std::byte, 32>;

class Sha256 {
 public:
  Sha256& add(std::span<const std::byte> bytes);
  // Of all that was added. At most once.
  Digest finish();

 private:
  void take_block();

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> block_;
  std::size_t filled_ = 0;
  std::uint64_t bytes_ = 0;
};

// Of the parts, one after the other.
Digest hmac_sha256(std::span<const std::byte> key,
                   std::initializer_list<std::span<const std::byte>> parts);

// In a time that does not tell where they differ.
bool equal_in_constant_time(const Digest& a, const Digest& b);

}  // namespace weft::internal
