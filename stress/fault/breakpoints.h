// Breakpoints in another process: it stops where it enters named functions, or where it has
// returned from them. What is stopped there needs no code of its own for that, in no build.
//
// The process is traced by the caller (ptrace(2)) and runs the same program, from a fork. Its first
// byte of each place is replaced; a thread that goes on from there makes the replaced instruction
// alone.
//
// Thread safety:  the thread that traces the process.
// Non-invariants: that each of several threads stops: while one makes the replaced instruction,
//                 another may pass the place. Nor that a call stops that the compiler has inlined,
//                 or a return by an exception.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weft::fault {

class Breakpoints {
 public:
  enum class At {
    kEntry,
    kReturn,  // the instruction after the call
  };

  // Functions by their names (symbols.h). Throws as addresses_of(), and std::system_error. The
  // process must not fork afterwards: its child would have the places, and nobody who handles them.
  Breakpoints(pid_t pid, const std::vector<std::string>& functions, At at);
  ~Breakpoints();
  Breakpoints(const Breakpoints&) = delete;
  Breakpoints& operator=(const Breakpoints&) = delete;

  enum class Stop {
    kNone,     // the thread has stopped for another reason
    kPassing,  // at an entry, on the way to the return
    kPoint,    // where it was to stop
  };
  // Of a thread that has stopped with SIGTRAP. After kPassing and kPoint it goes on by pass().
  Stop stop_of(pid_t thread);
  // Makes the replaced instruction; the thread has stopped again when this returns, or is dead.
  void pass(pid_t thread);

 private:
  struct Place {
    std::uint8_t byte;  // that was there
    bool is_point;
  };
  void set(std::uintptr_t address, bool is_point);
  std::uint8_t byte_at(std::uintptr_t address) const;
  void write(std::uintptr_t address, std::uint8_t byte) const;

  int memory_ = -1;  // the process's
  std::map<std::uintptr_t, Place> places_;
};

}  // namespace weft::fault
