// A thread writes its log when a worker is forked. The worker has a copy of the lock, which is
// held, and not of the thread that would release it.
#include <mutex>

#include "primitives/process/process.h"
#include "primitives/threading/event.h"
#include "primitives/threading/lock.h"
#include "primitives/threading/thread.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

struct Log {
  Lock lock;
  Event begun, may_end;
  void write_slowly() {
    const std::lock_guard<Lock> hold(lock);
    begun.set();
    may_end.wait();
  }
};

template <bool kFirst>
std::string start_a_worker() {
  Log log;
  Thread writer([&] { log.write_slowly(); });
  ipc::Process worker({.daemon = true}, [&] { const std::lock_guard<Lock> hold(log.lock); });
  if (kFirst) worker.start();
  writer.start();
  log.begun.wait();
  if (!kFirst) worker.start();
  worker.join();
  log.may_end.set();
  writer.join();
  return "";
}

}  // namespace

constinit const Specimen kForkedWithAHeldLock{
    .row = "004-6",
    .name = "process_pool/forked_with_a_held_lock",
    .mistake = "a worker is forked while another thread holds a lock that it needs",
    .kind = kind::kHang,
    .body = start_a_worker<false>,
    .mended = start_a_worker<true>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
