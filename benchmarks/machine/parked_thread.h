// A thread that sleeps as long as this object lives.
//
// While a process has one thread, the C library drops the lock prefix from its atomic operations,
// and a mutex costs a third. No program that needs a mutex runs so, so no figure may be taken so.
//
// Thread safety: as any object.
#pragma once

#include <future>
#include <thread>

namespace weft::machine {

class ParkedThread {
 public:
  ParkedThread() : thread_([end = end_.get_future()] { end.wait(); }) {}
  ~ParkedThread() {
    end_.set_value();
    thread_.join();
  }
  ParkedThread(const ParkedThread&) = delete;
  ParkedThread& operator=(const ParkedThread&) = delete;

 private:
  std::promise<void> end_;
  std::thread thread_;
};

}  // namespace weft::machine
