// With the string in memory that both share, here its length, letters get lost all the same.
#include <string>

#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/add_in_two.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kLetters = 50;

template <void (*kAdd)(Total&)>
std::string append() {
  return unless_equal("number of letters", add_in_two<kAdd>(kLetters), 2 * kLetters);
}

}  // namespace

constinit const Specimen kLettersWithoutLock{
    .row = "002-2",
    .name = "process/letters_without_lock",
    .mistake = "two processes append to shared memory without a lock",
    .kind = kind::kAssertion,
    .body = append<read_and_write>,
    .mended = append<add_in_one_step>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
