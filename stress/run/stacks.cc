#include "stress/run/stacks.h"

#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>

#include "stress/run/build_mode.h"

// glibc's sigaction() under a name that no sanitizer intercepts: ThreadSanitizer delays the
// handlers it knows of until the thread's next system call, which a blocked thread never makes.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*);

namespace weft::internal {
namespace {

constexpr std::size_t kMaxFrames = 64;

// One request for a stack. Not freed until it is answered, which may be long after nobody waits.
struct Request {
  void* interrupted_at = nullptr;
  std::array<void*, kMaxFrames> frames{};
  std::size_t count = 0;
  bool begun = false;  // the frames of the handler itself are past
  bool done = false;   // by the builtins for atomics: std::atomic's functions are instrumented
};

int signal_number() { return SIGRTMIN + 11; }

WEFT_UNINSTRUMENTED void* interrupted_address(void* context) {
#if defined(__x86_64__)
  return reinterpret_cast<void*>(static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return reinterpret_cast<void*>(static_cast<ucontext_t*>(context)->uc_mcontext.pc);
#else
  return nullptr;
#endif
}

WEFT_UNINSTRUMENTED _Unwind_Reason_Code add_frame(_Unwind_Context* context, void* data) {
  auto* request = static_cast<Request*>(data);
  void* address = reinterpret_cast<void*>(_Unwind_GetIP(context));
  if (!request->begun) {
    if (address != request->interrupted_at && request->interrupted_at != nullptr) {
      return _URC_NO_REASON;
    }
    request->begun = true;
  }
  if (request->count == kMaxFrames || address == nullptr) return _URC_END_OF_STACK;
  request->frames[request->count++] = address;
  return _URC_NO_REASON;
}

WEFT_UNINSTRUMENTED void answer(int, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  auto* request = static_cast<Request*>(info->si_value.sival_ptr);
  request->interrupted_at = interrupted_address(context);
  _Unwind_Backtrace(add_frame, request);
  // release: pairs with the acquire in stacks_of(), which then reads the frames.
  __atomic_store_n(&request->done, true, __ATOMIC_RELEASE);
  errno = saved_errno;
}

void install_handler() {
  struct sigaction action = {};
  action.sa_sigaction = answer;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&action.sa_mask);
  __sigaction(signal_number(), &action, nullptr);
}

bool ask(int tid, Request* request) {
  siginfo_t info = {};
  info.si_signo = signal_number();
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  info.si_value.sival_ptr = request;
  return syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, signal_number(), &info) == 0;
}

bool is_done(const Request& request) { return __atomic_load_n(&request.done, __ATOMIC_ACQUIRE); }

// Keeps what may still be written to reachable, so that it is no leak.
std::vector<Request*>& unanswered() {
  static auto* requests = new std::vector<Request*>;
  return *requests;
}

}  // namespace

std::vector<std::vector<void*>> stacks_of(const std::vector<int>& tids, Seconds patience) {
  install_handler();
  std::vector<Request*> requests;
  for (int tid : tids) {
    auto request = std::make_unique<Request>();
    requests.push_back(ask(tid, request.get()) ? request.release() : nullptr);
  }
  const auto give_up = std::chrono::steady_clock::now() + patience;
  std::vector<std::vector<void*>> stacks;
  for (Request* request : requests) {
    stacks.emplace_back();
    if (request == nullptr) continue;
    while (!is_done(*request)) {
      if (std::chrono::steady_clock::now() > give_up) break;
      // tidy-allow(sleep): a polling wait, as the handler may use nothing that could wake a waiter
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (!is_done(*request)) {
      unanswered().push_back(request);
      continue;
    }
    stacks.back().assign(request->frames.begin(), request->frames.begin() + request->count);
    delete request;
  }
  return stacks;
}

}  // namespace weft::internal
