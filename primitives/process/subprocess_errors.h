// What can go wrong with another program, one type for each outcome that a caller may want to tell
// apart. Names follow Python's subprocess.
//
// Thread safety: values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "primitives/base/errors.h"

namespace weft {

using Arguments = std::vector<std::string>;

// A program that was started did not end as it should. With what it had written; nothing where the
// stream was not captured. What a program writes is bytes, and so are these.
class SubprocessError : public RuntimeError {
 public:
  const Arguments args;
  const std::optional<std::string> out, err;

 protected:
  SubprocessError(Arguments args, const std::string& what, std::optional<std::string> out,
                  std::optional<std::string> err);
};

// The program could not be started, and nothing of it is left. what() names the path; code() says
// why: std::errc::no_such_file_or_directory, permission_denied, executable_format_error,
// argument_list_too_long, resource_unavailable_try_again (no process to be had), ...
class StartError : public std::system_error {
 public:
  using std::system_error::system_error;
};

// The program ended with another code than 0, and the caller had asked for a check.
class CalledProcessError : public SubprocessError {
 public:
  CalledProcessError(Arguments args, int returncode, std::optional<std::string> out,
                     std::optional<std::string> err);

  const int returncode;  // -N: ended by signal N
};

// The program did not end in time.
class TimeoutExpired : public SubprocessError {
 public:
  TimeoutExpired(Arguments args, std::optional<std::string> out, std::optional<std::string> err);
};

// The program wrote more than the caller was ready to hold.
class OutputTooLong : public SubprocessError {
 public:
  OutputTooLong(Arguments args, std::optional<std::string> out, std::optional<std::string> err);
};

// The caller had asked for text, and an output is not UTF-8. Its bytes are as they were written.
class OutputNotText : public SubprocessError {
 public:
  enum class Stream { kOut, kErr };
  OutputNotText(Arguments args, Stream stream, std::size_t offset, std::optional<std::string> out,
                std::optional<std::string> err);

  const Stream stream;
  const std::size_t offset;  // in it, of the first byte that belongs to no character
};

}  // namespace weft
