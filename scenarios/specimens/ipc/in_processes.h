// Processes as the players of a specimen.
//
// Thread safety: by one thread. They are daemons: a specimen that hangs takes them along.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <string>

#include "primitives/process/process.h"

namespace weft::scenarios::specimens::ipc {

// Runs each in a process of its own and waits for all. Empty if all ended well, else a sentence.
inline std::string in_processes(std::initializer_list<std::function<void()>> functions) {
  std::deque<weft::ipc::Process> processes;
  for (const auto& function : functions) {
    processes.emplace_back(weft::ipc::Process::Options{.daemon = true}, function).start();
  }
  std::string complaint;
  for (weft::ipc::Process& process : processes) {
    process.join();
    if (process.exitcode() != 0) {
      complaint = process.name() + " ended with " + std::to_string(process.exitcode().value_or(0));
    }
  }
  return complaint;
}

}  // namespace weft::scenarios::specimens::ipc
