#include "stress/run/seeds.h"

#include "stress/run/environment.h"

namespace weft::internal {
Share share_of_shard() {
  const Share share{number_in_environment("TEST_SHARD_INDEX"),
                    number_in_environment("TEST_TOTAL_SHARDS")};
  // Who sets the index alone wants seeds of its own all the same.
  return {share.index, share.total > share.index ? share.total : share.index + 1};
}

}  // namespace weft::internal
