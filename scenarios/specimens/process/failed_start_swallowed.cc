// There was no process for a philosopher. Who catches the error and goes on waits for somebody who
// is not there.
#include <unistd.h>

#include <deque>
#include <system_error>

#include "primitives/process/process.h"
#include "scenarios/process/few_processes.h"
#include "scenarios/specimens/process/process.h"

namespace weft::scenarios::specimens::process {
namespace {

constexpr int kPhilosophers = 5;
constexpr int kProcesses = 2;  // that the system has to give

struct Table {
  int ends[2];
  Table() {
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  }
  ~Table() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
};

template <bool kSwallows>
std::string have_dinner() {
  const Table table;
  const FewProcesses few(kProcesses);
  std::deque<ipc::Process> philosophers;
  int guests = 0;
  for (int i = 0; i < kPhilosophers; ++i) {
    philosophers.emplace_back(ipc::Process::Options{.daemon = true},
                              [&table] { (void)!::write(table.ends[1], "", 1); });
    try {
      philosophers.back().start();
      ++guests;
    } catch (const StartError&) {
      if (kSwallows) ++guests;
    }
  }
  for (int i = 0; i < guests; ++i) {
    char seated;
    (void)!::read(table.ends[0], &seated, 1);
  }
  for (ipc::Process& philosopher : philosophers) {
    if (philosopher.pid() != 0) philosopher.join();
  }
  return "";
}

}  // namespace

constinit const Specimen kFailedStartSwallowed{
    .row = "003-1b",
    .name = "process/failed_start_swallowed",
    .mistake = "one philosopher could not be started, and the table waits for him",
    .kind = kind::kHang,
    .body = have_dinner<true>,
    .mended = have_dinner<false>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::process
