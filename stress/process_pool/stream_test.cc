// The parts that a pool and its workers share, with threads in the roles of processes.
#include "primitives/process_pool/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "primitives/process_pool/slot.h"
#include "stress/check.h"
#include "stress/run/build_mode.h"

namespace weft::internal {
namespace {

std::byte byte_at(std::size_t i) { return static_cast<std::byte>(i * 31 + i / 251); }

TEST(Stream, TheReaderGetsAllBytesInOrder) {
  // One stream for all executions: it is long, and what is left in it is none of the next one's.
  static const auto stream = std::make_unique<Stream>();
  static constexpr std::size_t kBytes = kExplored ? 24 : 3 * Stream::kCapacity;
  static constexpr std::size_t kPiece = kExplored ? 10 : 5003;
  check([](weft::Run& run) {
    stream->reset();
    run.thread("writer", [&] {
      StreamWriter writer(*stream);
      std::vector<std::byte> piece;
      for (std::size_t at = 0; at < kBytes;) {
        piece.clear();
        for (std::size_t i = at; i < std::min(kBytes, at + kPiece); ++i) {
          piece.push_back(byte_at(i));
        }
        at += writer.write(piece);
        writer.publish();
      }
    });
    run.thread("reader", [&] {
      StreamReader reader(*stream);
      std::vector<std::byte> piece;
      for (std::size_t at = 0; at < kBytes;) {
        const std::size_t available = reader.available();
        if (available == 0) std::this_thread::yield();
        piece.resize(std::min(available, kPiece + 1));
        reader.read(piece);
        for (const std::byte each : piece) {
          run.require(each == byte_at(at), "the bytes come in order");
          ++at;
        }
      }
      run.require(reader.is_empty(), "no byte comes twice");
    });
    run.join();
  });
}

TEST(Stream, IsFullWhenItIs) {
  const auto stream = std::make_unique<Stream>();
  StreamWriter writer(*stream);
  StreamReader reader(*stream);
  const std::vector<std::byte> much(Stream::kCapacity + 5, std::byte{7});
  EXPECT_EQ(writer.write(much), Stream::kCapacity);
  EXPECT_EQ(reader.available(), 0u) << "not published";
  writer.publish();
  EXPECT_EQ(reader.available(), Stream::kCapacity);
  EXPECT_EQ(writer.write(much), 0u);
  reader.skip(3);
  EXPECT_EQ(writer.room(), 3u);
}

TEST(Stream, CountsThatCannotBeAreAnError) {
  const auto stream = std::make_unique<Stream>();
  StreamReader reader(*stream);
  stream->written.store(Stream::kCapacity + 1);
  EXPECT_THROW((void)reader.available(), ipc::CorruptedError);
  stream->reset();
  StreamWriter writer(*stream);
  const std::vector<std::byte> most(Stream::kCapacity);
  writer.write(most);
  stream->read.store(Stream::kCapacity + 1);
  EXPECT_THROW((void)writer.room(), ipc::CorruptedError);
}

TEST(Slot, ATaskIsBegunOrTakenBackAndNeverBoth) {
  check([](weft::Run& run) {
    SharedSlot::Cell cell{SharedSlot::kPosted};
    int done = 0;  // not atomic: the one who decides has it
    std::atomic<int> decisions{0};
    run.thread("worker", [&] {
      if (!SharedSlot::decide(cell, SharedSlot::kBegun)) return;
      ++decisions;
      ++done;
    });
    run.thread("pool", [&] {
      if (!SharedSlot::decide(cell, SharedSlot::kTaken)) return;
      ++decisions;
      ++done;
    });
    run.join();
    run.require(decisions == 1 && done == 1, "one decides");
  });
}

}  // namespace
}  // namespace weft::internal
