// A subclass, as of Thread: what run() writes into the object is in the process's copy of it.
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

struct InTheObject {
  int& reference() { return value; }
  int value = 0;
};

template <class Result>
class Worker : public ipc::Process {
 public:
  void run() override { result.reference() = 42; }
  Result result;
};

template <class Result>
std::string work() {
  Worker<Result> worker;
  worker.start();
  worker.join();
  return unless_equal("result", worker.result.reference(), 42);
}

}  // namespace

constinit const Specimen kAttributeSetByRun{
    .row = "003-4",
    .name = "process/attribute_set_by_run",
    .mistake = "run() leaves its result in the object, which is another one in the parent",
    .kind = kind::kAssertion,
    .body = work<InTheObject>,
    .mended = work<ipc::RawValue<int>>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
