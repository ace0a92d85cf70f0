#include "stress/run/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <stdexcept>

#include "stress/run/checkpoint_error.h"
#include "stress/run/options.h"
#include "stress/run/process.h"

namespace weft::internal {
namespace {

// The first byte of an outcome; what() of an exception, or a serialized report, follows.
enum Tag : char { kReport = 'r', kOptionError = 'o', kCheckpointError = 'c', kError = 'e' };

std::string tagged(Tag tag, std::string_view text) { return std::string(1, tag).append(text); }

}  // namespace

void refuse_child(const char* call) {
  throw std::runtime_error(std::string("weft: no process can be made for a search: ") + call +
                           ": " + std::strerror(errno));
}

Pipe::Pipe() {
  if (pipe2(ends_, O_CLOEXEC) != 0) refuse_child("pipe");
  fcntl(reader(), F_SETFL, O_NONBLOCK);
}

Pipe::~Pipe() {
  close_end(kReader);
  close_end(kWriter);
}

void Pipe::close_end(End end) {
  if (ends_[end] >= 0) close(ends_[end]);
  ends_[end] = -1;
}

void Pipe::drain(std::string& bytes) {
  char buffer[8192];
  while (true) {
    const ssize_t size = read(reader(), buffer, sizeof buffer);
    if (size > 0) bytes.append(buffer, static_cast<std::size_t>(size));
    if (size == 0 || (size < 0 && errno != EINTR)) return;
  }
}

pid_t fork_child() {
  // What stands in buffers would be written twice.
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) refuse_child("fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // It may have ended before that.
    if (getppid() != parent) leave_at_once(1);
  }
  return child;
}

std::string outcome_of(const std::function<Report()>& search) {
  try {
    return tagged(kReport, serialized(search()));
  } catch (const OptionError& error) {
    return tagged(kOptionError, error.what());
  } catch (const CheckpointError& error) {
    return tagged(kCheckpointError, error.what());
  } catch (const std::exception& error) {
    return tagged(kError, error.what());
  }
}

std::optional<Report> outcome_from(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  const std::string text(bytes.substr(1));
  switch (bytes.front()) {
    case kReport:
      return deserialized(text);
    case kOptionError:
      throw OptionError(text);
    case kCheckpointError:
      throw CheckpointError(text);
    case kError:
      throw std::runtime_error(text);
  }
  return std::nullopt;
}

}  // namespace weft::internal
