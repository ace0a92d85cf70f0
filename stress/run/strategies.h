// Which strategy runs which execution of a search under the explorer.
//
// Thread safety: by the search.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stress/explore/exhaustive.h"
#include "stress/explore/strategy.h"
#include "stress/run/options.h"
#include "stress/run/random.h"
#include "stress/run/seeds.h"

namespace weft::internal {

// "portfolio" gives every second execution, after an opening, to a systematic search: all
// schedules, which for a tiny body come to an end soon; where they do not, all those of at most one
// preemption, of two, ..., because most bugs need no more (Musuvathi, Qadeer: "Iterative Context
// Bounding", PLDI 2007); then all again.
//
// The other executions are random ones. Which strategy makes them is decided in slices: the more
// news a strategy's last executions brought, the more often it has its turn (probability matching,
// with a rest that is dealt evenly). News are interleavings that were not seen before, and pairs of
// conflicting places (stress/explore/conflicts.h). Clocks have no say, so that a search is a
// function of its seed.
//
// "mixed" is the same without the opening and the weighing: random walks and PCT in turn.
class Strategies {
 public:
  // What an execution has shown that none before had.
  struct News {
    bool interleaving = false;
    unsigned conflicts = 0;
  };
  // All that the next executions depend on, but for what strategies estimate from those before,
  // which forget() makes them estimate anew.
  struct State {
    std::vector<double> worth;  // of each random strategy
    std::array<std::uint64_t, 4> dice{};
    std::uint64_t arm = 0;  // whose slice it is, and how much of that is left
    std::uint64_t slice_left = 0;
    std::uint64_t unbounded_executions = 0;
    std::int64_t completed = -1;
    std::vector<std::uint16_t> all;
    std::vector<std::uint16_t> bounded;

    bool operator==(const State&) const = default;
  };

  // Throws OptionError for a name that is none. Of a search that is dealt out, the first share
  // alone is systematic beyond the first thousands of schedules, and with workers the first worker
  // alone is at all.
  Strategies(std::string_view wanted, std::uint64_t seed, Share shard = {}, Share worker = {});
  ~Strategies();
  Strategies(Strategies&&) noexcept;
  Strategies& operator=(Strategies&&) noexcept;

  // Every fourth execution stops threads (stress/explore/stops.h), beside what is named; for
  // guarantees of progress. Not where one strategy alone is wanted.
  void stop_threads();

  // For execution `number`; each is asked for once, in order.
  explore::Strategy& next(std::uint64_t number);
  // Whether the news of execution `number` are asked for.
  bool wants_news() const { return kind_ == Kind::kPortfolio; }
  // The execution has ended. True if every schedule within bounds() has been run.
  bool end(News news);

  // The systematic search begins anew, with another program.
  void search_again();

  State state() const;
  void forget();  // what strategies have estimated
  void go_on_from(const State& state);

  // What "every schedule" means.
  std::string bounds(const Options& options) const;
  // For a search that has not come to its end: the bound up to which it has. Empty if none.
  std::string reached() const;
  // "places 0.61, surw 0.2, ...": what each random strategy's executions have been worth lately.
  std::string weights() const;

 private:
  enum class Kind { kOne, kMixed, kPortfolio };
  struct Arm;

  explore::Strategy* systematic();
  Arm& draw_arm();
  std::unique_ptr<explore::Exhaustive> search_of_bound() const;

  Kind kind_ = Kind::kOne;
  explore::Strategy* current_ = nullptr;
  std::uint64_t slice_left_ = 0;
  std::size_t arm_ = 0;   // whose slice it is
  bool is_arms_ = false;  // the current execution is a random one
  Random dice_;

  unsigned bound_ = explore::Exhaustive::kNoBound;  // asked for
  bool is_systematic_ = true;
  bool is_bounded_too_ = true;
  std::uint64_t unbounded_executions_ = 0;
  int completed_ = -1;  // all schedules of so many preemptions have been run
  std::unique_ptr<explore::Exhaustive> all_;
  std::unique_ptr<explore::Exhaustive> bounded_;

  std::vector<Arm> arms_;
  std::shared_ptr<explore::Strategy> stops_;  // null: not wanted
};

}  // namespace weft::internal
