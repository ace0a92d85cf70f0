// The child gives a permit to its own copy of the semaphore.
#include "primitives/ipc/semaphore.h"
#include "primitives/threading/semaphore.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {
namespace {

template <class S>
std::string hand_over() {
  S semaphore(0);
  (void)in_processes({[&] { semaphore.release(); }});
  semaphore.acquire();
  return "";
}

}  // namespace

constinit const Specimen kThreadSemaphoreBetweenProcesses{
    .row = "003-6",
    .name = "ipc/thread_semaphore_between_processes",
    .mistake =
        "permits of a semaphore between threads are given by a process, and its parent has none",
    .kind = kind::kHang,
    .body = hand_over<weft::Semaphore>,
    .mended = hand_over<weft::ipc::Semaphore>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
