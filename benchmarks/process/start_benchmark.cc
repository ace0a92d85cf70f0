// What it costs to start a process and wait for its end: a fork of this one beside the bare system
// calls, a program beside posix_spawn, and both beside CPython's, by the python3 on PATH
// (benchmarks/python_peer).
//
// A fork copies the tables of its parent's memory, so its time depends on the parent; CPython's is
// a larger one.
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "benchmarks/python_peer/python_peer.h"
#include "primitives/process/popen.h"
#include "primitives/process/process.h"

extern char** environ;

namespace weft::benchmarks {
namespace {

// The first program that every system has, and that does nothing.
constexpr const char* kProgram = "/bin/true";

constexpr const char* kScript = R"(
import sys, time, multiprocessing, subprocess

def nothing():
    pass

def process():
    p = multiprocessing.get_context('fork').Process(target=nothing)
    p.start()
    p.join()
    return p.exitcode == 0

def program():
    return subprocess.Popen(['/bin/true']).wait() == 0

if __name__ == '__main__':
    way, count = {'process': process, 'program': program}[sys.argv[1]], int(sys.argv[2])
    way()
    began = time.perf_counter()
    right = all([way() for _ in range(count)])
    took = time.perf_counter() - began
    print(took / count if right else 'wrong')
)";

// True if it has ended with 0.
bool has_ended_well(pid_t pid) {
  int status = -1;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return status == 0;
}

bool start_weft_process() {
  ipc::Process process([] {});
  process.start();
  process.join();
  return process.exitcode() == 0;
}

bool start_by_fork() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  return pid > 0 && has_ended_well(pid);
}

bool start_weft_popen() { return Popen({kProgram}).wait() == 0; }

bool start_by_posix_spawn() {
  pid_t pid = -1;
  std::string program = kProgram;
  char* const arguments[] = {program.data(), nullptr};
  return ::posix_spawn(&pid, kProgram, nullptr, nullptr, arguments, environ) == 0 &&
         has_ended_well(pid);
}

template <bool (*kStart)()>
void BM_Start(benchmark::State& state) {
  for (auto _ : state) {
    if (!kStart()) return state.SkipWithError("it did not end with 0");
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_CPython(benchmark::State& state, const std::string& way) {
  constexpr int kEach = 50;
  run_python(state, kScript, {way, std::to_string(kEach)});
  state.SetItemsProcessed(state.iterations());
}

const bool is_registered = [] {
  const auto ours = [](const char* name, void (*function)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name, function)->UseRealTime()->Unit(benchmark::kMicrosecond);
  };
  ours("BM_ProcessStart<WeftProcess>", BM_Start<start_weft_process>);
  ours("BM_ProcessStart<Fork>", BM_Start<start_by_fork>);
  ours("BM_ProgramStart<WeftPopen>", BM_Start<start_weft_popen>);
  ours("BM_ProgramStart<PosixSpawn>", BM_Start<start_by_posix_spawn>);
  if (!has_python()) return true;
  const auto of_python = [](const char* name, const char* way) {
    benchmark::RegisterBenchmark(name, BM_CPython, way)
        ->Iterations(kPythonRuns)
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
  };
  of_python("BM_ProcessStart<CPythonProcess>", "process");
  of_python("BM_ProgramStart<CPythonPopen>", "program");
  return true;
}();

}  // namespace
}  // namespace weft::benchmarks
