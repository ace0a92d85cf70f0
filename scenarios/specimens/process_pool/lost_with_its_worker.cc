// A process is killed in the middle of a map: its number is in no result, and the caller, who
// counts results, waits for it.
#include <signal.h>

#include <string>

#include "primitives/process_pool/process_pool.h"
#include "scenarios/pool/ten_numbers.h"
#include "scenarios/specimens/process_pool/hand_made_worker.h"
#include "scenarios/specimens/process_pool/process_pool.h"

namespace weft::scenarios::specimens::process_pool {
namespace {

int die_at_seven(int a) {
  if (a == 7) (void)::raise(SIGKILL);
  return adder(a);
}

std::string broken() {
  HandMadeWorker worker;
  for (const int number : ten_numbers()) (void)worker.call(die_at_seven, number);
  return "";
}

// Is told.
std::string mended() {
  ipc::Pool pool(2);
  try {
    (void)pool.map(die_at_seven, ten_numbers(), 1);
  } catch (const ipc::WorkerDiedError&) {
    return "";
  }
  return "the process died, and nobody was told";
}

}  // namespace

constinit const Specimen kLostWithItsWorker{
    .row = "000-8a",
    .name = "process_pool/lost_with_its_worker",
    .mistake = "the process that had the task is dead, and its result is waited for",
    .kind = kind::kHang,
    .body = broken,
    .mended = mended,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process_pool
