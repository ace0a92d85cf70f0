#include "scenarios/process/talk.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace weft::scenarios {

Talk::Talk() {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  reader_ = ends[0];
  writer_ = ends[1];
}

Talk::~Talk() {
  close_end(reader_);
  close_end(writer_);
}

void Talk::close_end(int& end) {
  if (const int old = std::exchange(end, -1); old >= 0) ::close(old);
}

void Talk::say(std::string line) const {
  line += '\n';
  // A pipe takes what is shorter than PIPE_BUF at once and in one piece.
  if (::write(writer_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::system_error(errno, std::generic_category(), "write");
  }
}

void Talk::listen(Transcript& out) {
  close_end(writer_);  // else the end of the others would not be the end of the pipe
  std::string text;
  std::array<char, 512> piece;
  for (;;) {
    const ssize_t got = ::read(reader_, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    text.append(piece.data(), static_cast<std::size_t>(got));
    for (std::size_t end; (end = text.find('\n')) != text.npos; text.erase(0, end + 1)) {
      out.say(text.substr(0, end));
    }
  }
}

}  // namespace weft::scenarios
