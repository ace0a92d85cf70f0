// A program of calls to one object by several threads, and what came of it. Plain values: they may
// cross threads, be printed, and be run again.
//
// Thread safety: values.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::generate {

// What an operation gave back: a word ("full", "done"), or a number.
class Outcome {
 public:
  // `word` must live as long as the program: a literal.
  constexpr Outcome(const char* word) : word_(word) {}
  constexpr Outcome(std::int64_t number) : number_(number) {}

  std::string text() const { return word_.empty() ? std::to_string(number_) : std::string(word_); }
  friend bool operator==(const Outcome&, const Outcome&) = default;

 private:
  std::string_view word_;
  std::int64_t number_ = 0;
};

struct Call {
  unsigned operation = 0;  // its place in the vocabulary
  int argument = 0;
  int turn = 0;   // one call at a time: of those that can begin, the one with the lowest does
  int label = 0;  // no two calls of a program have the same: 1 + 100 * thread + place
};

// The calls of each thread, in its order.
using Program = std::vector<std::vector<Call>>;

// One call as it was seen. Times are of the steady clock, so that taking them orders no threads.
struct Seen {
  static constexpr std::uint64_t kLater = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t invoked = 0;
  std::uint64_t returned = kLater;  // kLater also where only the order of a thread counts
  std::optional<Outcome> outcome;   // nothing while it has not returned
};

// A history holds, thread by thread, the calls that were begun.
using History = std::vector<std::vector<Seen>>;

// Gives each call its label.
void label_calls(Program& program);

// One column a thread. `order` lists threads in the order in which their calls were begun; without
// it, the calls of each thread stand from the top.
std::string table(const Program& program, std::span<const std::string> operation_names,
                  const History& history = {}, std::span<const unsigned> order = {});

}  // namespace weft::generate
