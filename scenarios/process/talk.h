// Talk: what processes say, line by line, to the one that started them. A transcript would be a
// copy in each.
//
// Thread safety: say() from any process and thread; listen() from the one that made it.
// Invariant: the lines of one speaker come in their order, each whole.
#pragma once

#include <string>

#include "scenarios/transcript.h"

namespace weft::scenarios {

class Talk {
 public:
  // Throws std::system_error if there is no pipe to be had.
  Talk();
  ~Talk();
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  // At most 500 letters.
  void say(std::string line) const;
  void claim(bool holds, std::string_view sentence) const {
    if (!holds) say(std::string(Transcript::kBroken).append(sentence));
  }

  // Hands the lines on as they come, until all processes that were started meanwhile have ended.
  // Afterwards nobody can speak.
  void listen(Transcript& out);

 private:
  void close_end(int& end);

  int reader_ = -1;
  int writer_ = -1;
};

}  // namespace weft::scenarios
