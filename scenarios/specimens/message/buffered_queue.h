// BufferedQueue: put() keeps the item in the process's own memory, and flush() sends it on: what a
// queue with a feeder thread does, with the moment chosen.
//
// Thread safety: by one thread of each process.
#pragma once

#include <optional>
#include <vector>

#include "primitives/message/queue.h"

namespace weft::scenarios::specimens::message {

class BufferedQueue {
 public:
  void put(int item) { kept_.push_back(item); }
  void flush() {
    for (const int item : kept_) queue_.put(item);
    kept_.clear();
  }
  std::optional<int> try_get() { return queue_.try_get(); }

 private:
  ipc::Queue<int> queue_;
  std::vector<int> kept_;
};

}  // namespace weft::scenarios::specimens::message
