// What is waited for is shared, the condition is not: the child notifies its own copy.
#include <mutex>

#include "primitives/ipc/condition.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "primitives/threading/condition.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

template <class C>
std::string meet() {
  C condition;
  weft::ipc::RawValue<int> ready;
  weft::ipc::Process child(weft::ipc::Process::Options{.daemon = true}, [&] {
    const std::scoped_lock hold(condition);
    ready.store(1);
    condition.notify();
  });
  {
    // With a lock of its own the child need not wait until the parent does.
    const std::scoped_lock hold(condition);
    child.start();
    condition.wait();
  }
  child.join();
  return unless_equal("ready", ready.load(), 1);
}

}  // namespace

constinit const Specimen kThreadConditionBetweenProcesses{
    .row = "003-6",
    .name = "ipc/thread_condition_between_processes",
    .mistake = "a condition between threads is notified by a process, which notifies nobody",
    .kind = kind::kHang,
    .body = meet<weft::Condition>,
    .mended = meet<weft::ipc::Condition>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
