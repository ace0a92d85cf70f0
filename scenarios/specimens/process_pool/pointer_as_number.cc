// A number can be sent, and an address is one. In the other process something else is there: what
// was there when the pool was made.
#include <cstdint>

#include "primitives/process_pool/process_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

int read(std::uint64_t address) { return *reinterpret_cast<const int*>(address); }
int read_copy(int value) { return value; }

struct Smuggled {
  static int call(ipc::Pool& pool, const int& value) {
    return pool.apply(read, reinterpret_cast<std::uint64_t>(&value));
  }
};
struct Sent {
  static int call(ipc::Pool& pool, const int& value) { return pool.apply(read_copy, value); }
};

template <class Way>
std::string pass() {
  int value = 1;
  ipc::Pool pool(1);
  value = 5;
  return unless_equal("value", Way::call(pool, value), 5);
}

}  // namespace

constinit const Specimen kPointerAsNumber{
    .row = "004-5b",
    .name = "process_pool/pointer_as_number",
    .mistake = "the address of an object is sent as a number",
    .kind = kind::kAssertion,
    .body = pass<Smuggled>,
    .mended = pass<Sent>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
