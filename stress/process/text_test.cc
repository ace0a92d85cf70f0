// What a program has written, taken as text.
#include "primitives/process/text.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "primitives/process/popen.h"
#include "primitives/process/run.h"
#include "stress/process/subprocess_for_test.h"

namespace weft {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

using internal::make_newlines_plain;
using internal::utf8_prefix;

// The obvious twins: a number is read from as many bytes as the first one says, and is a character
// if writing it gives these bytes again.
std::string written(unsigned long character) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80 | ((character >> shift) & 0x3F));
  };
  if (character < 0x80) return {static_cast<char>(character)};
  if (character < 0x800) return {static_cast<char>(0xC0 | character >> 6), tail(0)};
  if (character < 0x10000) return {static_cast<char>(0xE0 | character >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | character >> 18), tail(12), tail(6), tail(0)};
}

std::size_t naive_prefix(const std::string& bytes) {
  std::size_t place = 0;
  while (place < bytes.size()) {
    const auto first = static_cast<unsigned char>(bytes[place]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned long character = size == 1 ? first : first & (0xFF >> (size + 1));
    for (std::size_t i = 1; i < size && place + i < bytes.size(); ++i) {
      character = character << 6 | (static_cast<unsigned char>(bytes[place + i]) & 0x3F);
    }
    const bool is_surrogate = 0xD800 <= character && character < 0xE000;
    if (character > 0x10FFFF || is_surrogate) break;
    if (bytes.substr(place, size) != written(character)) break;
    place += size;
  }
  return place;
}

std::string naive_newlines(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "\r\n") ++i;
    plain += text[i] == '\r' ? '\n' : text[i];
  }
  return plain;
}

std::string with_plain_newlines(std::string text) {
  make_newlines_plain(text);
  return text;
}

TEST(Text, ThatIsWellFormedIsAllOfIt) {
  std::string all;
  for (unsigned long character = 0; character <= 0x10FFFF; ++character) {
    if (0xD800 <= character && character < 0xE000) continue;
    const std::string bytes = written(character);
    ASSERT_EQ(utf8_prefix(bytes), bytes.size()) << character;
    all += bytes;
  }
  EXPECT_EQ(utf8_prefix(all), all.size());
}

TEST(Text, EndsBeforeTheFirstByteOfNoCharacter) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"", 0},
      {"ab\x80", 2},               // the middle of a character
      {"ab\xC3", 2},               // cut off
      {"\xE2\x82", 0},             //
      {"\xF0\x9F\x98", 0},         //
      {"a\xC3(", 1},               //
      {"\xC0\xAF", 0},             // longer than need be
      {"\xE0\x9F\xBF", 0},         //
      {"\xF0\x8F\xBF\xBF", 0},     //
      {"\xED\xA0\x80", 0},         // a surrogate
      {"a\xF4\x90\x80\x80", 1},    // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},     //
      {"\xC3\xA9\xFF", 2},         //
      {"\xED\x9F\xBF\xEE\x80", 3}  //
  };
  for (const auto& [bytes, prefix] : cases) {
    EXPECT_EQ(utf8_prefix(bytes), prefix) << testing::PrintToString(bytes);
  }
}

TEST(Text, IsWhatTheObviousTwinsSay) {
  std::mt19937 random(3);
  // Bytes at the borders of what is well-formed, and others.
  const std::string bytes =
      "ab\r\r\r\n\n\n\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xC3\xE0\xE2\xED\xEF\xF0\xF4\xF5\xFF"s;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) {
      if (random() % 2 == 0) {
        text += bytes[random() % bytes.size()];
      } else {
        text += written(random() % 0x110000);
      }
    }
    ASSERT_EQ(utf8_prefix(text), naive_prefix(text)) << testing::PrintToString(text);
    ASSERT_EQ(with_plain_newlines(text), naive_newlines(text)) << testing::PrintToString(text);
  }
}

TEST_F(Subprocess, GivesTextIfAsked) {
  const std::string command =
      "printf 'a\\r\\nb\\rc\\n\\r\\r\\n\\303\\251'; printf '\\r' >&2; exit 3";
  const CompletedProcess text = shell(command, {.text = true});
  EXPECT_EQ(text.out, "a\nb\nc\n\n\n\xC3\xA9");
  EXPECT_EQ(text.err, "\n");
  EXPECT_EQ(shell(command).err, "\r") << "bytes, if not asked";
  try {
    shell(command, {.text = true, .check = true});
    FAIL() << "no exception";
  } catch (const CalledProcessError& error) {
    EXPECT_EQ(error.err, "\n");
  }
  EXPECT_EQ(run({"true"}, {.text = true}).out, std::nullopt);
}

TEST_F(Subprocess, SendsItsInputAsItIsAlsoForText) {
  const RunOptions options{.input = "a\r\n\xFF", .capture_output = true, .text = true};
  EXPECT_EQ(run({"wc", "-c"}, options).out, "4\n");
}

// Three bytes each: at the end of what is read at once, which is a power of two, every cut comes.
TEST_F(Subprocess, GivesTheSameTextHoweverItsBytesCome) {
  std::string input, text;
  while (input.size() < kMuch) {
    input += "\xC3\xA9\r\n\r";
    text += "\xC3\xA9\n\n";
  }
  const CompletedProcess done =
      run({"cat"}, {.input = input, .capture_output = true, .text = true});
  EXPECT_TRUE(done.out == text) << "which is too long to be shown";
}

TEST_F(Subprocess, SaysWhereItsOutputIsNoText) {
  try {
    shell("printf 'ab\\r\\n\\377c'; printf err >&2", {.text = true});
    FAIL() << "no exception";
  } catch (const OutputNotText& error) {
    EXPECT_EQ(error.stream, OutputNotText::Stream::kOut);
    EXPECT_EQ(error.offset, 4u);
    EXPECT_EQ(error.out,
              "ab\r\n\xFF"
              "c")
        << "as it was written";
    EXPECT_EQ(error.err, "err");
    EXPECT_NE(std::string(error.what()).find("at byte 4"), std::string::npos) << error.what();
  }
  try {
    shell("printf fine; printf 'x\\303' >&2", {.text = true});
    FAIL() << "no exception";
  } catch (const OutputNotText& error) {
    EXPECT_EQ(error.stream, OutputNotText::Stream::kErr);
    EXPECT_EQ(error.offset, 1u);
  }
}

TEST_F(Subprocess, ThatIsNotOverInTimeLeavesBytes) {
  const std::string fifo = temporary("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  Popen process({"/bin/sh", "-c", "printf 'a\\r\\n\\303'; cat " + fifo + "; printf '\\251\\r\\n'"},
                {.out = Redirect::pipe()});
  process.read_text();
  std::optional<std::string> so_far;
  while (so_far.value_or("").size() < 4) {
    try {
      (void)process.communicate_for(10ms);
      FAIL() << "no exception";
    } catch (const TimeoutExpired& error) {
      so_far = error.out;
    }
  }
  EXPECT_EQ(so_far, "a\r\n\xC3");
  std::ofstream(fifo).close();  // the end of what the program waits for
  EXPECT_EQ(process.communicate().out, "a\n\xC3\xA9\n") << "and goes on from there";
}

}  // namespace
}  // namespace weft
