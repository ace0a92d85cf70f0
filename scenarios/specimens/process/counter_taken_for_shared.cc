// The counter is expected at 20 after two processes have added five each.
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

struct Own {
  int& reference() { return value; }
  int value = 0;
};

template <class Counter>
std::string count() {
  Counter counter;
  counter.reference() = 10;
  const auto hello = [&] {
    for (int i = 0; i < 5; ++i) ++counter.reference();
  };
  // One after the other: it is not their meeting that loses anything.
  for (int i = 0; i < 2; ++i) {
    ipc::Process process(hello);
    process.start();
    process.join();
  }
  return unless_equal("counter", counter.reference(), 20);
}

}  // namespace

constinit const Specimen kCounterTakenForShared{
    .row = "003-2",
    .name = "process/counter_taken_for_shared",
    .mistake = "two processes count in a global, which each has for itself",
    .kind = kind::kAssertion,
    .body = count<Own>,
    .mended = count<ipc::RawValue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
