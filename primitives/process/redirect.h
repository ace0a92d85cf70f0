// Redirect: where a standard stream of another program comes from or goes to.
//
// Thread safety: values.
#pragma once

#include <string>
#include <utility>

namespace weft {

class Redirect {
 public:
  enum class Kind { kInherit, kPipe, kNull, kToStdout, kFile, kDescriptor };

  // The caller's own.
  static Redirect inherit() { return Redirect(Kind::kInherit); }
  // To and from the caller.
  static Redirect pipe() { return Redirect(Kind::kPipe); }
  // /dev/null.
  static Redirect null() { return Redirect(Kind::kNull); }
  // For the standard error alone: where the standard output goes.
  static Redirect to_stdout() { return Redirect(Kind::kToStdout); }
  // Opened by the program itself, in its working folder: to be read; or made, emptied and written.
  static Redirect file(std::string path) {
    Redirect made(Kind::kFile);
    made.path_ = std::move(path);
    return made;
  }
  // An open file descriptor of the caller, who keeps it.
  static Redirect descriptor(int fd) {
    Redirect made(Kind::kDescriptor);
    made.fd_ = fd;
    return made;
  }

  Kind kind() const { return kind_; }
  const std::string& path() const { return path_; }
  int fd() const { return fd_; }

 private:
  explicit Redirect(Kind kind) : kind_(kind) {}

  Kind kind_;
  std::string path_;
  int fd_ = -1;
};

}  // namespace weft
