// The only worker of a pool gives its pool a task, and waits for the result.
#include <utility>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

struct Ways {
  std::pair<ipc::Connection, ipc::Connection> tasks = ipc::pipe(false);
  std::pair<ipc::Connection, ipc::Connection> inner = ipc::pipe(false);
  std::pair<ipc::Connection, ipc::Connection> results = ipc::pipe(false);
};

int twice(int a) { return a + a; }

int ask_the_pool(Ways& ways, int a) {
  ways.tasks.second.send(a);
  return ways.inner.first.recv<int>();
}
int do_it_oneself(Ways&, int a) { return twice(a); }

template <int (*kInner)(Ways&, int)>
std::string ask() {
  Ways ways;
  ipc::Process worker({.daemon = true}, [&] {
    const int a = ways.tasks.first.recv<int>();
    ways.results.second.send(1 + kInner(ways, a));
  });
  worker.start();
  ways.tasks.second.send(4);
  const std::string sentence = unless_equal("result", ways.results.first.recv<int>(), 9);
  worker.join();
  return sentence;
}

}  // namespace

constinit const Specimen kAsksItsOwnPool{
    .row = "000-8a",
    .name = "process_pool/asks_its_own_pool",
    .mistake = "a worker waits for a task of its own pool, which has no other worker",
    .kind = kind::kHang,
    .body = ask<ask_the_pool>,
    .mended = ask<do_it_oneself>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
