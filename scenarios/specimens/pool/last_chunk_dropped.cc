// Ten numbers in chunks of four are two chunks and a half.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "primitives/pool/thread_pool.h"
#include "scenarios/specimens/pool/pool.h"
#include "scenarios/specimens/pool/ten_numbers.h"

namespace weft::scenarios::specimens::pool {
namespace {

constexpr std::size_t kChunk = 4;

std::size_t whole_chunks(std::size_t count) { return count / kChunk; }
std::size_t all_chunks(std::size_t count) { return (count + kChunk - 1) / kChunk; }

template <std::size_t (*kChunks)(std::size_t)>
std::string map_in_chunks() {
  const std::vector<int> numbers = ten_numbers();
  ThreadPool pool(2);
  std::vector<Future<std::vector<int>>> futures;
  for (std::size_t chunk = 0; chunk < kChunks(numbers.size()); ++chunk) {
    futures.push_back(pool.submit([&numbers, chunk] {
      std::vector<int> results;
      const std::size_t end = std::min((chunk + 1) * kChunk, numbers.size());
      for (std::size_t i = chunk * kChunk; i < end; ++i) results.push_back(adder(numbers[i]));
      return results;
    }));
  }
  std::vector<int> results;
  for (auto& future : futures) {
    for (int result : future.take()) results.push_back(result);
  }
  return unless_doubled(results);
}

}  // namespace

constinit const Specimen kLastChunkDropped{
    .row = "000-8a",
    .name = "pool/last_chunk_dropped",
    .mistake = "the input is cut into whole chunks and the rest is forgotten",
    .kind = kind::kAssertion,
    .body = map_in_chunks<whole_chunks>,
    .mended = map_in_chunks<all_chunks>,
};

}  // namespace weft::scenarios::specimens::pool
