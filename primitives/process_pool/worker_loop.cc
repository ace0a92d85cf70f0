#include "primitives/process_pool/worker_loop.h"

#include <chrono>
#include <cstddef>
#include <span>

#include "primitives/base/spin.h"
#include "primitives/process_pool/remote_call.h"
#include "primitives/process_pool/remote_failure.h"
#include "primitives/process_pool/watch.h"

namespace weft::internal {
namespace {

class WorkerLoop {
 public:
  WorkerLoop(Desk& desk, bool keeps_time) : desk_(desk), keeps_time_(keeps_time) {}

  bool begin(const std::function<void()>& initializer) {
    try {
      if (initializer) initializer();
      return true;
    } catch (...) {
      encode_to(result_, describe_current_exception());
      write_record(0, ResultHeader::kNoStart);
      return false;
    }
  }

  void run() {
    for (;;) {
      TaskHeader header;
      read(bytes_of(header));
      if (header.kind == TaskHeader::kEnd) return;
      read_arguments(header.size);
      SharedSlot& slot = *desk_.slot;
      const bool mine = SharedSlot::decide(slot.cell(header.number), SharedSlot::kBegun);
      if (mine) do_task(header);
      slot.passed.store(header.number + 1);
      // The pool may wait for the cell, and no result tells it that it is free.
      if (!mine) desk_.pools.ring();
    }
  }

 private:
  // Small beside the ring, so that both sides have something to do.
  static constexpr std::size_t kPiece = Stream::kCapacity / 4;

  // Until there is something to read, or room.
  template <class Come>
  void wait_until(const Come& come) {
    if (come() || spin_until(come)) return;
    for (;;) {
      desk_.workers.prepare_to_sleep();
      if (come()) break;
      desk_.workers.await_ring();
    }
    desk_.workers.wake_up();
  }

  void read(std::span<std::byte> to) {
    while (!to.empty()) {
      std::size_t ready = 0;
      wait_until([&] { return (ready = tasks_.available()) > 0; });
      const std::size_t now = std::min(ready, to.size());
      tasks_.read(to.first(now));
      to = to.subspan(now);
    }
  }

  // Memory is asked for as the bytes come.
  void read_arguments(std::size_t size) {
    arguments_.clear();
    while (arguments_.size() < size) {
      const std::size_t before = arguments_.size();
      arguments_.resize(before + std::min(size - before, kPiece));
      read(std::span(arguments_).subspan(before));
      // The pool may have more of this message, and sleep until there is room.
      if (arguments_.size() < size) desk_.pools.ring();
    }
  }

  void do_task(const TaskHeader& header) {
    if (keeps_time_) {
      desk_.slot->begun_at.store(std::chrono::steady_clock::now().time_since_epoch() /
                                 std::chrono::nanoseconds(1));
    }
    auto kind = ResultHeader::kValue;
    try {
      reinterpret_cast<RemoteCall>(header.call)(header.function, arguments_, result_);
    } catch (...) {
      kind = ResultHeader::kFailure;
      encode_to(result_, describe_current_exception());
    }
    if (keeps_time_) desk_.slot->begun_at.store(0);
    write_record(header.number, kind);
  }

  void write_record(std::uint64_t number, ResultHeader::Kind kind) {
    const ResultHeader header{number, static_cast<std::uint32_t>(result_.size()), kind};
    if (results_.room() >= sizeof header + result_.size()) {
      results_.write(bytes_of(header));
      results_.write(result_);
      publish();
    } else {
      write_in_pieces(bytes_of(header));
      write_in_pieces(result_);
    }
  }
  void write_in_pieces(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      wait_until([this] { return results_.room() > 0; });
      bytes = bytes.subspan(results_.write(bytes));
      publish();
    }
  }
  void publish() {
    results_.publish();
    Watch::ring_unless_watched(desk_.slot->results, desk_.pools);
  }

  Desk& desk_;
  const bool keeps_time_;
  StreamReader tasks_{desk_.slot->tasks};
  StreamWriter results_{desk_.slot->results};
  Bytes arguments_;
  Bytes result_;
};

}  // namespace

void work_at(Desk& desk, const std::function<void()>& initializer, bool keeps_time) {
  WorkerLoop loop(desk, keeps_time);
  if (loop.begin(initializer)) loop.run();
}

}  // namespace weft::internal
