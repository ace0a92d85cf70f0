// The child shares the address of what it has computed. In the parent there is something at that
// address, too: its own, older one.
#include "primitives/ipc/value.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

struct Message {
  const int* address = nullptr;
  int value = 0;
};

template <bool kAddress>
std::string send() {
  weft::ipc::Value<Message> message;
  int computed = 1;
  (void)in_processes({[&] {
    computed = 42;
    message.set({&computed, computed});
  }});
  const Message got = message.get();
  return unless_equal("result", kAddress ? *got.address : got.value, 42);
}

}  // namespace

constinit const Specimen kPointerInSharedMemory{
    .row = "003-6",
    .name = "ipc/pointer_in_shared_memory",
    .mistake = "a pointer is shared: in the other process it leads to something else",
    .kind = kind::kAssertion,
    .body = send<true>,
    .mended = send<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
