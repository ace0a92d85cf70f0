// Has an operation's system calls fail, one a run, with each error that the call may give, and has
// judged what then holds.
//
//   struct Start {
//     Start() { /* before the first call that may fail */ }
//     void run() { process.start(); }                      // its calls fail
//     std::string judge(bool succeeded) { ...; return ""; }  // afterwards: what is wrong
//     ipc::Process process{[] {}};
//   };
//   expect_failures_are_told(fail_each_system_call<Start>());
//
// For each n and each error of the n-th call a child is forked, that makes the object, is traced
// (ptrace(2)) while it is in run(), and has its n-th call fail. What run() may do is to succeed, or
// to throw one of the errors that the library documents (a std::system_error with just this number,
// or an error of the library's); an interruption (EINTR) is no reason to fail. Then judge() says in
// the child what is wrong; it makes the same calls again, and no call fails. Then the object is
// destroyed, and nothing may be left: no descriptor, no child, no name in /dev/shm with the child's
// number in it.
//
// Thread safety: by the thread that runs the test.
// Invariants:     no child lives when a function returns.
// Non-invariants: the calls of other threads and processes of the operation do not fail, only those
//                 of the thread that runs it; nor do two calls of one run.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weft::fault {

struct Failures {
  std::size_t runs = 0;
  std::size_t succeeded = 0;         // though a call failed
  std::size_t told = 0;              // by an error
  std::map<std::string, int> calls;  // name of a call -> how often one failed
  std::vector<double> seconds;       // of run(), where a call failed
  std::vector<std::string> wrong;    // "4: openat gives EMFILE: ..."
};

// What a child does, in this order. `make` returns the object; `run` and `judge` belong to it.
struct Tried {
  std::function<std::shared_ptr<void>()> make;
  std::function<void(void*)> run;
  std::function<std::string(void*, bool)> judge;
};

// How its calls are disturbed.
enum class Way {
  kErrors,  // the n-th call gives each of its errors
  kPieces,  // every read() and write() of the operation transfers one byte
};

Failures fail_system_calls(const Tried& tried, Way way);

template <class Case>
Tried tried_of() {
  return {.make = []() -> std::shared_ptr<void> { return std::make_shared<Case>(); },
          .run = [](void* object) { static_cast<Case*>(object)->run(); },
          .judge = [](void* object, bool succeeded) -> std::string {
            return static_cast<Case*>(object)->judge(succeeded);
          }};
}

template <class Case>
Failures fail_each_system_call() {
  return fail_system_calls(tried_of<Case>(), Way::kErrors);
}
// Once, with every transfer by one byte.
template <class Case>
Failures transfer_one_byte_at_a_time() {
  return fail_system_calls(tried_of<Case>(), Way::kPieces);
}

}  // namespace weft::fault
