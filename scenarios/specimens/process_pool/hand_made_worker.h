// HandMadeWorker: a process that calls functions, as one writes it in an afternoon: whoever asks
// waits for the answer, and the end of the process is nothing that anybody looks for.
//
// Thread safety: one thread.
#pragma once

#include <cstdint>
#include <utility>

#include "primitives/message/connection.h"
#include "primitives/process/process.h"

namespace weft::scenarios::specimens::process_pool {

class HandMadeWorker {
 public:
  HandMadeWorker() { process_.start(); }
  ~HandMadeWorker() {
    process_.kill();
    process_.join();
  }

  int call(int (*function)(int), int argument) {
    ends_.first.send(std::pair(reinterpret_cast<std::uint64_t>(function), argument));
    return ends_.first.recv<int>();
  }

 private:
  // Both processes keep both ends, so neither sees the other's end.
  std::pair<ipc::Connection, ipc::Connection> ends_ = ipc::pipe();
  ipc::Process process_{{.daemon = true}, [this] {
                          for (;;) {
                            const auto [function, argument] =
                                ends_.second.recv<std::pair<std::uint64_t, int>>();
                            ends_.second.send(reinterpret_cast<int (*)(int)>(function)(argument));
                          }
                        }};
};

}  // namespace weft::scenarios::specimens::process_pool
