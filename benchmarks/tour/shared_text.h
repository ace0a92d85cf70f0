// A text that a child process writes and its parent reads.
//
// Thread safety: one writer; read() when the writer is done or dead.
// Invariant: what is read is a beginning of what was written; a long text loses its end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::tour {

class SharedText {
 public:
  // Throws std::system_error if the system has no memory to give.
  SharedText();
  ~SharedText();
  SharedText(const SharedText&) = delete;
  SharedText& operator=(const SharedText&) = delete;

  void append(std::string_view text);
  std::string read() const;

 private:
  struct Memory;
  Memory* const memory_;
};

}  // namespace weft::tour
