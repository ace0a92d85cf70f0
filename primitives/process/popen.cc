#include "primitives/process/popen.h"

#include <mutex>

#include "primitives/process/pidfd.h"
#include "primitives/process/text.h"

namespace weft {

Popen::Popen(Arguments args, const StartOptions& options)
    : Popen(args, options.new_group, internal::spawn(args, options)) {}

Popen::Popen(Arguments args, bool has_group, internal::Spawned spawned)
    : args_(std::move(args)),
      has_group_(has_group),
      pid_(spawned.pid),
      pidfd_(std::move(spawned.pidfd)),
      exchange_(std::move(spawned.ends[0]), std::move(spawned.ends[1]),
                std::move(spawned.ends[2])) {
  if (!pidfd_) returncode_ = 0;
}

Popen::~Popen() {
  close_in();
  exchange_.out_end().reset();
  exchange_.err_end().reset();
  (void)wait();
}

std::optional<int> Popen::reap() {
  std::scoped_lock hold(lock_);
  if (returncode_) return returncode_;
  const auto end = internal::reap(pidfd_.get());
  if (!end) return {};
  return returncode_ = end->code.value_or(0);
}

std::optional<int> Popen::wait_until(const Deadline& deadline) {
  for (;;) {
    if (const auto returncode = reap()) return returncode;
    if (deadline.has_passed()) return {};
    internal::await_end(pidfd_.get(), deadline);
  }
}

std::optional<int> Popen::poll() { return reap(); }

int Popen::wait() { return *wait_until(Deadline::never()); }

int Popen::in_time(const Deadline& deadline) {
  if (const auto returncode = wait_until(deadline)) return *returncode;
  throw TimeoutExpired(args_, {}, {});
}

Popen::Outputs Popen::communicate(std::string input) {
  return communicate_until(Deadline::never(), std::move(input));
}

Popen::Outputs Popen::communicate_until(const Deadline& deadline, std::string input) {
  if (!input.empty()) {
    if (has_input_) throw ValueError("Popen::communicate: it was given its input before");
    if (!exchange_.in_end()) throw ValueError("Popen::communicate: no pipe to send the input to");
    exchange_.send(std::move(input));
  }
  has_input_ = true;
  switch (exchange_.run(deadline)) {
    case internal::Exchange::Result::kTooLong:
      throw OutputTooLong(args_, exchange_.out(), exchange_.err());
    case internal::Exchange::Result::kDeadline:
      throw TimeoutExpired(args_, exchange_.out(), exchange_.err());
    case internal::Exchange::Result::kAll:
      break;
  }
  if (!wait_until(deadline)) throw TimeoutExpired(args_, exchange_.out(), exchange_.err());
  if (is_text_) {
    require_text(OutputNotText::Stream::kOut, exchange_.out());
    require_text(OutputNotText::Stream::kErr, exchange_.err());
  }
  Outputs outputs{exchange_.take_out(), exchange_.take_err()};
  for (std::optional<std::string>* const output : {&outputs.out, &outputs.err}) {
    if (is_text_ && *output) internal::make_newlines_plain(**output);
  }
  return outputs;
}

void Popen::require_text(OutputNotText::Stream stream,
                         const std::optional<std::string>& output) const {
  if (!output) return;
  const std::size_t offset = internal::utf8_prefix(*output);
  if (offset == output->size()) return;
  throw OutputNotText(args_, stream, offset, exchange_.out(), exchange_.err());
}

Popen::Outputs Popen::read_so_far() {
  exchange_.drain();
  return {exchange_.out(), exchange_.err()};
}

void Popen::send_signal(int signal) {
  std::scoped_lock hold(lock_);
  if (!returncode_) internal::send_signal_to(pidfd_.get(), signal);
}

void Popen::kill_group() {
  if (!has_group_) throw ValueError("Popen::kill_group: it was started without new_group");
  std::scoped_lock hold(lock_);
  // Until it is waited for, its number is no other group's.
  if (!returncode_) (void)::kill(-pid_, SIGKILL);
}

}  // namespace weft
