// The child sets its copy of the event.
#include "primitives/ipc/event.h"
#include "primitives/threading/event.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"

namespace weft::scenarios::specimens::ipc {
namespace {

template <class E>
std::string signal() {
  E event;
  (void)in_processes({[&] { event.set(); }});
  event.wait();
  return "";
}

}  // namespace

constinit const Specimen kThreadEventBetweenProcesses{
    .row = "003-6",
    .name = "ipc/thread_event_between_processes",
    .mistake = "an event between threads is set in a process, and its parent waits on its own copy",
    .kind = kind::kHang,
    .body = signal<weft::Event>,
    .mended = signal<weft::ipc::Event>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
