#include "stress/run/seeds.h"

#include <cstdlib>

namespace weft::internal {
namespace {

std::uint64_t number_in_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
}

}  // namespace

Share share_of_shard() {
  const Share share{number_in_environment("TEST_SHARD_INDEX"),
                    number_in_environment("TEST_TOTAL_SHARDS")};
  // Who sets the index alone wants seeds of its own all the same.
  return {share.index, share.total > share.index ? share.total : share.index + 1};
}

}  // namespace weft::internal
