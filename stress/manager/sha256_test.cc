// The digests against published vectors, and the comparison.
#include "primitives/manager/sha256.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weft::internal {
namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string hex(const Digest& digest) {
  std::string text;
  for (const std::byte each : digest) {
    for (const unsigned half :
         {std::to_integer<unsigned>(each) >> 4, std::to_integer<unsigned>(each) & 15}) {
      text += "0123456789abcdef"[half];
    }
  }
  return text;
}

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256, IsThatOfThePublishedVectors) {
  const auto of = [](std::string_view text) { return hex(Sha256().add(bytes(text)).finish()); };
  EXPECT_EQ(of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(of(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// Every place of a message's end in a block: one digest of the digests of 201 messages, as Python's
// hashlib has it.
TEST(Sha256, IsRightForEveryLength) {
  Sha256 all;
  for (int n = 0; n <= 200; ++n) {
    const std::string message(static_cast<std::size_t>(n), static_cast<char>(n));
    all.add(Sha256().add(bytes(message)).finish());
  }
  EXPECT_EQ(hex(all.finish()), "29b8bfb16048ea8637507378655acc7e2a9885f925dd36246a6018f158034601");
}

TEST(Sha256, IsTheSameOfThePartsOfAMessage) {
  const std::string_view message =
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq and on";
  const Digest whole = Sha256().add(bytes(message)).finish();
  for (std::size_t cut = 0; cut <= message.size(); ++cut) {
    Sha256 parts;
    parts.add(bytes(message.substr(0, cut))).add(bytes(message.substr(cut)));
    EXPECT_EQ(parts.finish(), whole) << cut;
  }
}

// RFC 4231, test cases 1, 2 and 6: a short key, a shorter one, one longer than a block.
TEST(Hmac, IsThatOfThePublishedVectors) {
  EXPECT_EQ(hex(hmac_sha256(bytes(std::string(20, '\x0b')), {bytes("Hi "), bytes("There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex(hmac_sha256(bytes("Jefe"), {bytes("what do ya want for nothing?")})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha256(bytes(std::string(131, '\xaa')),
                            {bytes("Test Using Larger Than Block-Size Key - Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Digests, AreEqualOnlyIfEveryBitIs) {
  const Digest digest = Sha256().finish();
  EXPECT_TRUE(equal_in_constant_time(digest, digest));
  for (std::size_t bit = 0; bit < 8 * digest.size(); ++bit) {
    Digest other = digest;
    other[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    EXPECT_FALSE(equal_in_constant_time(digest, other)) << bit;
  }
}

}  // namespace
}  // namespace weft::internal
