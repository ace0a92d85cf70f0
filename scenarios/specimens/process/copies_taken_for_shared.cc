// The example itself: thirty letters are expected in a string of which each process has a copy.
#include <array>
#include <string>

#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

// A counter for each kind of letter: what is missing is not lost between the two.
using Counters = std::array<int, 2>;
struct OwnCopy {
  Counters& reference() { return own; }
  Counters own{};
};

template <class Letters>
std::string append() {
  Letters a;
  const auto task = [&](std::size_t kind, int count) { a.reference()[kind] += count; };
  ipc::Process first(task, 0U, 10), second(task, 1U, 20);
  first.start();
  second.start();
  first.join();
  second.join();
  return unless_equal("number of letters", a.reference()[0] + a.reference()[1], 30);
}

}  // namespace

constinit const Specimen kCopiesTakenForShared{
    .row = "002-2",
    .name = "process/copies_taken_for_shared",
    .mistake = "two processes append to one string, which each has for itself",
    .kind = kind::kAssertion,
    .body = append<OwnCopy>,
    .mended = append<ipc::RawValue<Counters>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
