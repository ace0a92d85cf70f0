// A mutex in shared memory excludes, but it is made for the threads of one process: who sleeps on
// it in another is not woken.
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <new>
#include <string>
#include <thread>

#include "primitives/ipc/lock.h"
#include "primitives/ipc/shared_object.h"
#include "primitives/ipc/value.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/ipc/ipc.h"
#include "scenarios/specimens/judge.h"

namespace weft::scenarios::specimens::ipc {
namespace {

// In memory that is shared, whatever it is.
template <class L>
struct Placed {
  L& get() { return lock; }
  L lock;
};
template <>
struct Placed<std::mutex> {
  std::mutex& get() { return *shared; }
  internal::SharedObject<std::mutex> shared = internal::SharedObject<std::mutex>::make();
};

// Whether the process is in a system call that sleeps.
bool sleeps(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto name_end = text.rfind(')');
  return name_end != text.npos && text.compare(name_end, 3, ") S") == 0;
}

template <class L>
std::string pass() {
  Placed<L> placed;
  weft::ipc::RawValue<int> through, trying;
  placed.get().lock();
  weft::ipc::Process child(weft::ipc::Process::Options{.daemon = true}, [&] {
    trying.store(1);
    placed.get().lock();
    through.store(1);
    placed.get().unlock();
  });
  child.start();
  while (trying.load() == 0 || !sleeps(child.pid())) std::this_thread::yield();
  placed.get().unlock();
  child.join();
  return unless_equal("number of those through", through.load(), 1);
}

}  // namespace

constinit const Specimen kMutexOfOneProcess{
    .row = "003-6",
    .name = "ipc/mutex_of_one_process",
    .mistake = "a std::mutex lies in shared memory: its wake-up does not leave the process",
    .kind = kind::kHang,
    .body = pass<std::mutex>,
    .mended = pass<weft::ipc::Lock>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::ipc
