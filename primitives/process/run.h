// run(): starts a program, waits for its end, and says what came of it, in the vocabulary of
// Python's subprocess.
//
//   const CompletedProcess listing = run({"ls", "-l"}, {.capture_output = true});
//   std::cout << *listing.out;
//
// Thread safety: any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

#include "primitives/process/popen.h"

namespace weft {

struct CompletedProcess {
  Arguments args;
  int returncode = 0;  // -N: ended by signal N
  // Bytes, unless RunOptions::text was set; nothing where the stream was not captured.
  std::optional<std::string> out, err;

  // Throws CalledProcessError unless it is 0.
  void check_returncode() const;
};

struct RunOptions {
  StartOptions start = {};
  // For the program's standard input. Without it, the caller's own.
  std::optional<std::string> input = {};
  // Both outputs, for StartOptions' Redirect::pipe() on each.
  bool capture_output = false;
  // The outputs are text: UTF-8, whose "\r\n" and '\r' have become '\n'. OutputNotText is thrown if
  // one is not UTF-8. The input is sent as it is, and other exceptions have bytes, but for
  // CalledProcessError.
  bool text = false;
  // Throw CalledProcessError unless the program ends with 0.
  bool check = false;
  // After so long the program is killed, and TimeoutExpired is thrown with what it has written:
  // then at once, also if a process that it started holds the outputs open.
  std::optional<std::chrono::nanoseconds> timeout = {};
  // More bytes of one output: the program is killed, and OutputTooLong is thrown.
  std::size_t output_limit = std::numeric_limits<std::size_t>::max();
};

// Throws StartError; ValueError if options contradict each other. Whatever it throws, the program
// has ended and was waited for; with StartOptions::new_group all that it started was killed, too.
CompletedProcess run(const Arguments& args, const RunOptions& options = {});

// By /bin/sh. A time-out kills the shell alone, unless it has StartOptions::new_group.
CompletedProcess run_shell(const std::string& command, const RunOptions& options = {});

}  // namespace weft
