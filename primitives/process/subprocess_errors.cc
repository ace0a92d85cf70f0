#include "primitives/process/subprocess_errors.h"

#include <string.h>

#include <utility>

namespace weft {
namespace {

std::string joined(const Arguments& args) {
  std::string text;
  for (const std::string& arg : args) text += (text.empty() ? "" : " ") + arg;
  return "'" + text + "'";
}

std::string how_it_ended(int returncode) {
  if (returncode >= 0) return "ended with " + std::to_string(returncode);
  const char* const name = sigabbrev_np(-returncode);
  return "was ended by signal " + std::to_string(-returncode) +
         (name ? " (SIG" + std::string(name) + ")" : std::string());
}

}  // namespace

SubprocessError::SubprocessError(Arguments a, const std::string& what, std::optional<std::string> o,
                                 std::optional<std::string> e)
    : RuntimeError(joined(a) + " " + what),
      args(std::move(a)),
      out(std::move(o)),
      err(std::move(e)) {}

CalledProcessError::CalledProcessError(Arguments a, int code, std::optional<std::string> o,
                                       std::optional<std::string> e)
    : SubprocessError(std::move(a), how_it_ended(code), std::move(o), std::move(e)),
      returncode(code) {}

TimeoutExpired::TimeoutExpired(Arguments a, std::optional<std::string> o,
                               std::optional<std::string> e)
    : SubprocessError(std::move(a), "has not ended in time", std::move(o), std::move(e)) {}

OutputTooLong::OutputTooLong(Arguments a, std::optional<std::string> o,
                             std::optional<std::string> e)
    : SubprocessError(std::move(a), "has written more than the limit of the output", std::move(o),
                      std::move(e)) {}

OutputNotText::OutputNotText(Arguments a, Stream s, std::size_t at, std::optional<std::string> o,
                             std::optional<std::string> e)
    : SubprocessError(std::move(a),
                      std::string("has written what is not UTF-8 to its ") +
                          (s == Stream::kOut ? "output" : "error output") + ", at byte " +
                          std::to_string(at),
                      std::move(o), std::move(e)),
      stream(s),
      offset(at) {}

}  // namespace weft
