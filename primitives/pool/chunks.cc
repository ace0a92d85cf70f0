#include "primitives/pool/chunks.h"

#include <algorithm>
#include <utility>

#include "primitives/base/errors.h"

namespace weft::internal {
namespace {

// Sixteen chunks for each worker: the last ones to end leave the others idle for a few per cent of
// the whole at most.
constexpr std::size_t kChunksPerWorker = 16;

std::size_t chunk_for(std::size_t count, std::size_t chunk, std::size_t workers) {
  if (chunk != 0) return chunk;
  return std::max<std::size_t>(1, count / (kChunksPerWorker * workers));
}

}  // namespace

// A task that takes part; destroyed without being called, it only goes.
class Chunks::Invitation {
 public:
  Invitation(std::shared_ptr<Chunks> chunks, bool asks_more)
      : chunks_(std::move(chunks)), asks_more_(asks_more) {}
  Invitation(Invitation&&) noexcept = default;
  Invitation& operator=(Invitation&&) = delete;
  ~Invitation() {
    if (chunks_ != nullptr && chunks_->helpers_.fetch_sub(1) == 1) chunks_->give_up();
  }
  void operator()() && {
    if (asks_more_ && chunks_->any_left()) chunks_->invite_next();
    chunks_->work();
  }

 private:
  std::shared_ptr<Chunks> chunks_;
  bool asks_more_;
};

Chunks::Chunks(Workers& workers, std::size_t count, std::size_t chunk)
    : workers_(workers),
      stop_(workers.stop_token()),
      count_(count),
      chunk_(chunk_for(count, chunk, workers.most())),
      chunks_(count / chunk_ + (count % chunk_ == 0 ? 0 : 1)),
      left_(chunks_) {}

void Chunks::work() {
  while (any_left()) {
    if (stop_.stop_requested()) return give_up();
    const std::size_t taken = next_.fetch_add(1);
    if (taken >= chunks_) return;
    const std::size_t begin = taken * chunk_;
    do_items(begin, begin + std::min(chunk_, count_ - begin));
    end_chunks(1);
  }
}

void Chunks::give_up() {
  const std::size_t taken = std::min(next_.exchange(chunks_), chunks_);
  if (taken == chunks_) return;
  all_.store(false);
  end_chunks(chunks_ - taken);
}

void Chunks::end_chunks(std::size_t count) {
  if (left_.fetch_sub(count) == count) ended(all_.load());
}

bool Chunks::invite(std::size_t most, bool asks_more) {
  if (invited_.fetch_add(1) >= std::min(most, chunks_)) return false;
  helpers_.fetch_add(1);
  Task task = Task::of(Invitation(shared_from_this(), asks_more));
  try {
    workers_.submit(task);
  } catch (const RuntimeError&) {
    task.drop();
    return false;
  }
  return true;
}

void Chunks::invite_next() { (void)invite(workers_.most() - 1, true); }

void Chunks::invite_all() {
  helpers_.fetch_add(1);  // so that an invitation that is refused does not count as the last
  bool any = false;
  while (invite(workers_.most(), false)) any = true;
  if (helpers_.fetch_sub(1) == 1) give_up();
  if (!any) throw RuntimeError("ThreadPool: the pool is closed");
}

void Chunks::invite_one_by_one() {
  helpers_.fetch_add(1);  // the caller, who does what the others do not
  invite_next();
}

}  // namespace weft::internal
