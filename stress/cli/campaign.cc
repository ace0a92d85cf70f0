#include "stress/cli/campaign.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "stress/program/channel.h"
#include "stress/run/options.h"
#include "stress/run/random.h"

namespace weft::cli {
namespace {

using program::Job;
using program::Result;

// Every execution is to read the same, so what comes in is kept in a file.
std::string keep_input(const std::string& folder) {
  if (isatty(STDIN_FILENO) != 0) return "/dev/null";
  std::string path = folder + "/stdin";
  std::ofstream file(path, std::ios::binary);
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  constexpr int kMilliseconds = 2000;
  if (poll(&input, 1, kMilliseconds) == 0) {
    std::fputs(
        "weft: waiting for the end of standard input, which every execution is to get "
        "(</dev/null if the program reads none)\n",
        stderr);
  }
  char buffer[1 << 16];
  while (true) {
    const ssize_t size = read(STDIN_FILENO, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    file.write(buffer, size);
  }
  return path;
}

// The first process does what one alone would do. The others have seeds of their own, and where
// nobody said how to search they leave what is systematic, which has no seed, to the first.
Job job_of(const Arguments& arguments, unsigned number) {
  Job job;
  job.name = arguments.files.front();
  job.show_output = arguments.output;
  // A program has one search in its process; more of them are processes of ours.
  job.flags.push_back("--weft_workers=1");
  job.flags.push_back("--weft_seconds=" + arguments.seconds);
  if (arguments.executions) job.flags.push_back("--weft_executions=" + *arguments.executions);
  if (arguments.strategy) job.flags.push_back("--weft_strategy=" + *arguments.strategy);
  if (!arguments.replay.empty()) job.flags.push_back("--weft_schedule=" + arguments.replay);
  if (number > 0) {
    constexpr const char* kRandom[] = {"pct:3", "random_walk", "pct:2", "random_walk:4"};
    if (!arguments.strategy) {
      job.flags.push_back(std::string("--weft_strategy=") + kRandom[(number - 1) % 4]);
    }
    const std::uint64_t seed = arguments.seed.value_or(kDefaultSeed);
    job.flags.push_back("--weft_seed=" + std::to_string(seed_of({seed, number})));
  } else if (arguments.seed) {
    job.flags.push_back("--weft_seed=" + std::to_string(*arguments.seed));
  }
  job.flags.insert(job.flags.end(), arguments.explorer_flags.begin(),
                   arguments.explorer_flags.end());
  return job;
}

struct Process {
  pid_t pid = -1;
  std::string prefix;  // of its files
};

[[noreturn]] void become_program(const Arguments& arguments, const Installation& installation,
                                 const std::string& program, const std::string& prefix,
                                 const std::string& input) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = open(input.c_str(), O_RDONLY);
  if (file >= 0) dup2(file, STDIN_FILENO);
  // So that addresses are the same in each process, as far as the system lets us.
  personality(static_cast<unsigned long>(personality(0xffff'ffff)) | ADDR_NO_RANDOMIZE);
  setenv(program::kSearchVariable, installation.search_library().c_str(), 1);
  setenv(program::kJobVariable, prefix.c_str(), 1);
  // Else every execution would look up anew what it calls in libraries.
  if (getenv("LD_BIND_NOW") == nullptr) setenv("LD_BIND_NOW", program::kOurBinding, 1);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.program_arguments.begin(), arguments.program_arguments.end());
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  execv(program.c_str(), list.data());
  std::fprintf(stderr, "weft: %s: %s\n", program.c_str(), std::strerror(errno));
  _exit(127);
}

Process start(const Arguments& arguments, const Installation& installation,
              const std::string& program, const std::string& folder, const std::string& input,
              unsigned number) {
  Process process;
  process.prefix = folder + "/" + std::to_string(number);
  std::ofstream(process.prefix + ".job") << to_text(job_of(arguments, number));
  process.pid = fork();
  if (process.pid < 0) throw std::runtime_error("no process can be made");
  if (process.pid == 0) {
    become_program(arguments, installation, program, process.prefix, input);
  }
  return process;
}

Result result_of(const Process& process, int status) {
  std::ifstream file(process.prefix + ".result", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!text.empty() && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return program::result_from_json(text);
  }
  Result failed;
  failed.error = WIFSIGNALED(status)
                     ? "the search was ended by signal " + std::to_string(WTERMSIG(status))
                     : "the search ended without an answer";
  return failed;
}

}  // namespace

std::vector<Result> run_campaign(const Arguments& arguments, const Installation& installation,
                                 const std::string& program, const std::string& folder) {
  const std::string input = keep_input(folder);
  std::fflush(nullptr);
  std::vector<Process> running;
  for (unsigned i = 0; i < arguments.workers; ++i) {
    running.push_back(start(arguments, installation, program, folder, input, i));
  }
  std::vector<Result> results;
  std::optional<Result> decided;
  while (!running.empty()) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, 0);
    if (ended < 0) throw std::runtime_error("a process of the search was lost");
    const auto process = std::find_if(running.begin(), running.end(),
                                      [ended](const Process& each) { return each.pid == ended; });
    if (process == running.end()) continue;
    if (!decided) {
      const Result result = result_of(*process, status);
      results.push_back(result);
      // One finding, or one proof, is enough.
      if (!result.kind.empty() || !result.error.empty() || result.verdict == "holds") {
        decided = result;
      }
    }
    running.erase(process);
    if (decided) {
      for (const Process& other : running) kill(other.pid, SIGKILL);
    }
  }
  if (decided) return {*decided};
  return results;
}

}  // namespace weft::cli
