// The counter is shared, and each addition reads it and writes it back.
#include <string>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/add_in_two.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kAdditions = 50;

template <void (*kAdd)(Total&)>
std::string count() {
  return unless_equal("counter", add_in_two<kAdd>(kAdditions), 2 * kAdditions);
}

}  // namespace

constinit const Specimen kCounterWithoutLock{
    .row = "003-2",
    .name = "process/counter_without_lock",
    .mistake = "two processes count in shared memory without a lock",
    .kind = kind::kAssertion,
    .body = count<read_and_write>,
    .mended = count<add_in_one_step>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
