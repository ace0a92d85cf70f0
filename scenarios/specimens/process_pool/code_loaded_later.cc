// The pool was made before the function was there: the page that holds its code is the caller's
// alone. The worker dies of it, and the caller waits for its result.
#include <sys/mman.h>

#include <cerrno>
#include <system_error>

#include "primitives/base/errors.h"
#include "primitives/process_pool/process_pool.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/hand_made_worker.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

using Function = int (*)(int);

// Code that is loaded now; nobody calls it here.
Function load() {
  void* const page =
      ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return reinterpret_cast<Function>(page);
}

std::string broken() {
  HandMadeWorker worker;
  return unless_equal("result", worker.call(load(), 21), 42);
}

// Asks whether the processes have it.
std::string mended() {
  ipc::Pool pool(1);
  try {
    return unless_equal("result", pool.apply(load(), 21), 42);
  } catch (const ValueError&) {
    return "";
  }
}

}  // namespace

constinit const Specimen kCodeLoadedLater{
    .row = "000-7",
    .name = "process_pool/code_loaded_later",
    .mistake = "a function is called that the process, which is older, does not have",
    .kind = kind::kHang,
    .body = broken,
    .mended = mended,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
