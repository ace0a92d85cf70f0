// A child stores to a variable that it has a copy of.
#include "primitives/ipc/value.h"
#include "scenarios/specimens/ipc/in_processes.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

struct Plain {
  void set(int to) { value = to; }
  int get() const { return value; }
  int value = 0;
};
using Shared = weft::ipc::Value<int>;

template <class Variable>
std::string store() {
  Variable variable{};
  (void)in_processes({[&] { variable.set(42); }});
  return unless_equal("variable", variable.get(), 42);
}

}  // namespace

constinit const Specimen kVariableTakenForShared{
    .row = "003-6",
    .name = "ipc/variable_taken_for_shared",
    .mistake = "a plain variable is taken for shared, and stays what it was in the parent",
    .kind = kind::kAssertion,
    .body = store<Plain>,
    .mended = store<Shared>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
