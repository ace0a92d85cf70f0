#include "scenarios/subprocess/list_files.h"

#include <cstddef>
#include <string>

#include "primitives/process/run.h"
#include "scenarios/judging.h"

namespace weft::scenarios {
namespace {

std::string last_word(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n') + 1;
  const std::size_t begin = text.find_last_of(" \n", end - 1) + 1;
  return text.substr(begin, end - begin);
}

void run(Transcript& out, const Pace&) {
  const CompletedProcess done =
      weft::run({"ls", "-l", "/dev/null"}, {.start = {.out = Redirect::pipe()}});
  out.say("ls -l: a line of " + last_word(done.out.value()) + ", stderr " +
          (done.err ? *done.err : "None"));
  constexpr std::size_t kMuch = 1'000'000;  // fifteen times what a pipe holds
  const CompletedProcess much = weft::run({"head", "-c", std::to_string(kMuch), "/dev/zero"},
                                          {.start = {.out = Redirect::pipe()}});
  out.say("bytes of much: " + std::to_string(much.out.value().size()));
  for (const char* script : {"exit 0", "exit 3", "kill -9 $$"}) {
    out.say(std::string(script) + ": " + std::to_string(run_shell(script).returncode));
  }
}

std::string judge(const Lines& lines) {
  return say_exactly({"ls -l: a line of /dev/null, stderr None", "bytes of much: 1000000",
                      "exit 0: 0", "exit 3: 3", "kill -9 $$: -9"},
                     lines);
}

}  // namespace

constinit const Scenario kListFiles = {
    .row = "000-9",
    .target = "//scenarios/subprocess:list_files",
    .shows = "Another program's output is captured whole, and its return code told.",
    .run = run,
    .judge = judge,
    .starts_processes = true,
};

}  // namespace weft::scenarios
