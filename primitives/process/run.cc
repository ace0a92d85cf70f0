#include "primitives/process/run.h"

#include <system_error>
#include <utility>

namespace weft {
namespace {

bool is_inherited(const Redirect& redirect) { return redirect.kind() == Redirect::Kind::kInherit; }

StartOptions start_of(const RunOptions& options) {
  StartOptions start = options.start;
  if (options.input) {
    if (!is_inherited(start.in)) throw ValueError("run: input, and a redirect of the input");
    start.in = Redirect::pipe();
  } else if (start.in.kind() == Redirect::Kind::kPipe) {
    throw ValueError("run: a pipe for the input, and no input");
  }
  if (options.capture_output) {
    if (!is_inherited(start.out) || !is_inherited(start.err)) {
      throw ValueError("run: capture_output, and a redirect of an output");
    }
    start.out = Redirect::pipe();
    start.err = Redirect::pipe();
  }
  return start;
}

// Kills the program unless it was told that all is well. One that may not be killed, because it
// runs as another user, is waited for.
class Leash {
 public:
  Leash(Popen& process, bool has_group) : process_(process), has_group_(has_group) {}
  ~Leash() {
    if (!is_held_) return;
    try {
      has_group_ ? process_.kill_group() : process_.kill();
    } catch (const std::system_error&) {
    }
  }
  Leash(const Leash&) = delete;
  Leash& operator=(const Leash&) = delete;
  void let_go() { is_held_ = false; }

 private:
  Popen& process_;
  const bool has_group_;
  bool is_held_ = true;
};

}  // namespace

void CompletedProcess::check_returncode() const {
  if (returncode != 0) throw CalledProcessError(args, returncode, out, err);
}

CompletedProcess run(const Arguments& args, const RunOptions& options) {
  const Deadline deadline = options.timeout ? Deadline::after(*options.timeout) : Deadline::never();
  Popen process(args, start_of(options));
  Leash leash(process, options.start.new_group);
  process.limit_output(options.output_limit);
  if (options.text) process.read_text();
  Popen::Outputs outputs = process.communicate_until(deadline, options.input.value_or(""));
  leash.let_go();
  CompletedProcess completed{.args = args,
                             .returncode = process.wait(),
                             .out = std::move(outputs.out),
                             .err = std::move(outputs.err)};
  if (options.check) completed.check_returncode();
  return completed;
}

CompletedProcess run_shell(const std::string& command, const RunOptions& options) {
  return run({"/bin/sh", "-c", command}, options);
}

}  // namespace weft
