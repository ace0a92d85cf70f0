// How a thread may bring its process down, and what it may not do at all.
#include <sys/wait.h>
#include <unistd.h>

#include <cassert>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// In its own thread, so that it is not the body's stack and thread.
template <void (*action)()>
void in_a_thread(Run& run) {
  run.thread("culprit", action);
  run.join();
}

[[maybe_unused]] volatile int zero = 0;
volatile bool flag = false;

void throw_one() { throw std::runtime_error("nowhere to go"); }

void fault() {
  int* volatile nowhere = nullptr;
  *nowhere = 1;
}

int recurse(int depth) {
  volatile char frame[256];
  frame[0] = static_cast<char>(depth);
  if (flag) return depth;
  return recurse(depth + 1) + frame[0];
}

const Specimen aborts({.name = "End.Abort", .violates = Kind::kCrash, .says = "abort() was called"},
                      in_a_thread<[] { std::abort(); }>);

const Specimen asserts({.name = "End.Assert",
                        .violates = Kind::kCrash,
                        .says = "assert(zero == 1) failed"},
                       in_a_thread<[] { assert(zero == 1); }>);

const Specimen terminates({.name = "End.Terminate",
                           .violates = Kind::kCrash,
                           .says = "std::terminate()"},
                          in_a_thread<[] { std::terminate(); }>);

const Specimen exits({.name = "End.Exit", .violates = Kind::kCrash, .says = "exit()"},
                     in_a_thread<[] { std::exit(0); }>);
const Specimen quick_exits({.name = "End.QuickExit",
                            .violates = Kind::kCrash,
                            .says = "quick_exit()"},
                           in_a_thread<[] { std::quick_exit(0); }>);
const Specimen underscore_exits({.name = "End.UnderscoreExit",
                                 .violates = Kind::kCrash,
                                 .says = "_exit()"},
                                in_a_thread<[] { _exit(0); }>);

const Specimen faults({.name = "End.InvalidAccess", .violates = Kind::kCrash, .says = "SIGSEGV"},
                      in_a_thread<fault>);

const Specimen divides({.name = "End.DivisionByZero", .violates = Kind::kCrash, .says = "SIGFPE"},
                       in_a_thread<[] { zero = 7 / zero; }>);

const Specimen traps({.name = "End.Trap", .violates = Kind::kCrash, .says = "SIGILL"},
                     in_a_thread<[] { __builtin_trap(); }>);

const Specimen overflows({.name = "End.StackOverflow",
                          .violates = Kind::kCrash,
                          .says = "the stack of a thread under test is full"},
                         in_a_thread<[] { zero = zero * recurse(0); }>);

const Specimen throws({.name = "End.ExceptionOutOfANoexcept",
                       .violates = Kind::kException,
                       .says = "nowhere to go"},
                      in_a_thread<[]() noexcept { throw_one(); }>);

const Specimen body_throws({.name = "End.ExceptionOutOfTheBody",
                            .violates = Kind::kException,
                            .says = "left the body"},
                           [](Run&) { throw std::runtime_error("from the body"); });

const Specimen spins({.name = "End.LoopWithoutAnyOperation",
                      .violates = Kind::kLivelock,
                      .says = "no scheduling point was reached for long"},
                     in_a_thread<[] {
                       while (!flag) {
                       }
                     }>);

const Specimen frees_twice(
    {.name = "End.DoubleFree", .violates = Kind::kDoubleFree, .says = "freed"}, in_a_thread<[] {
      void* volatile block = std::malloc(16);
      std::free(block);
      std::free(block);
    }>);

const Specimen frees_inside({.name = "End.FreeOfAnInnerAddress",
                             .violates = Kind::kBadFree,
                             .says = "no allocation returned"},
                            in_a_thread<[] {
                              char* volatile block = static_cast<char*>(std::calloc(4, 16));
                              std::free(block + 16);
                            }>);

const Specimen forks({.name = "End.Fork",
                      .violates = Kind::kNotModelled,
                      .says = "fork() is not modelled"},
                     in_a_thread<[] {
                       if (fork() == 0) _exit(0);
                     }>);

const Specimen waits({.name = "End.WaitForAProcess",
                      .violates = Kind::kNotModelled,
                      .says = "waitpid() is not modelled"},
                     in_a_thread<[] { waitpid(-1, nullptr, 0); }>);

const Specimen runs({.name = "End.System",
                     .violates = Kind::kNotModelled,
                     .says = "system() is not modelled"},
                    in_a_thread<[] { zero = std::system("true"); }>);

}  // namespace
}  // namespace weft::suite
