// Chunks: a loop over 0..count-1, cut into chunks that several threads take from until none is
// left: the workers of a pool, by invitation, and the caller if it likes.
//
// Thread safety: work() and invite() from any thread.
// Invariants:     (I1) Every chunk is taken once, to be done or to be given up. (I2) ended() is
//                 called once, by whoever ends the last chunk, when all calls for items have
//                 returned. (I3) Chunks are given up only when the pool is terminated, or when
//                 nobody is left who could do them: no caller takes part, and the last invitation
//                 was dropped.
// Memory ordering: what was done for any item is visible in ended().
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <stop_token>

#include "primitives/pool/workers.h"

namespace weft::internal {

class Chunks : public std::enable_shared_from_this<Chunks> {
 public:
  // `chunk`: items in a chunk; 0 for as many as suit the number of workers.
  Chunks(Workers& workers, std::size_t count, std::size_t chunk);
  virtual ~Chunks() = default;
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  std::size_t chunks() const { return chunks_; }
  bool any_left() const { return next_.load() < chunks_; }

  // Takes chunks until none is left.
  void work();
  // Asks all workers to take part. Throws RuntimeError if the pool is closed.
  void invite_all();
  // Asks one worker, which asks one more when it begins while chunks are left, and so on; all but
  // one, whose place the caller takes. So the caller pays for waking one thread at most.
  void invite_one_by_one();

 protected:
  virtual void do_items(std::size_t begin, std::size_t end) noexcept = 0;
  // `all`: nothing was given up.
  virtual void ended(bool all) noexcept = 0;

 private:
  class Invitation;

  bool invite(std::size_t most, bool asks_more);
  void invite_next();
  void end_chunks(std::size_t count);
  void give_up();

  Workers& workers_;
  const std::stop_token stop_;
  const std::size_t count_;
  const std::size_t chunk_;
  const std::size_t chunks_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> left_;
  std::atomic<std::size_t> invited_{0};
  std::atomic<std::size_t> helpers_{0};  // invitations that are not gone, and the caller
  std::atomic<bool> all_{true};
};

}  // namespace weft::internal
