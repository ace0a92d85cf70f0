// A pool that may still be given tasks has no end to wait for.
#include "primitives/process_pool/process_pool.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

template <bool kCloses>
std::string use() {
  ipc::Pool pool(4);
  if (kCloses) pool.close();
  pool.join();
  return "";
}

}  // namespace

constinit const Specimen kJoinedBeforeClose{
    .row = "000-7",
    .name = "process_pool/joined_before_close",
    .mistake = "join() is called before close()",
    .kind = kind::kException,
    .body = use<false>,
    .mended = use<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
