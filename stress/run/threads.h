// What is known about each thread, without ordering any of them: what it waits for, what it holds,
// its name, and the seed of its perturbation.
//
// Thread safety: any thread; a slot's fields are written by the thread that owns it, except that
//                held entries may be cleared and `parked` set by others.
// Invariants:     (I1) a slot belongs to one live thread, or is free (tid 0).
// Non-invariants: the fields of a slot need not fit together while its thread runs. They are read
//                 for a report when the thread is asleep for good.
// Memory ordering: every access is relaxed, also the claiming of a slot. A lock or an
//                  acquire/release pair here would be a happens-before edge between the tested
//                  threads, and ThreadSanitizer would miss the races it hides. Nothing needs the
//                  order: a slot's fields are all valid at any time, zero included.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stress/run/random.h"

namespace weft::internal {

// A text of up to kBytes - 1 characters that is written and read word by word, relaxed.
class RelaxedText {
 public:
  static constexpr std::size_t kBytes = 56;
  void set(std::string_view text);
  std::string get() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBytes / 8> words_{};
};

struct ThreadSlot {
  static constexpr std::size_t kMaxHeld = 16;
  struct Held {
    std::atomic<const void*> object{nullptr};
    std::atomic<const char*> kind{nullptr};
  };

  std::atomic<int> tid{0};
  std::atomic<bool> parked{false};
  std::atomic<const void*> waiting_for{nullptr};
  std::atomic<const char*> waiting_kind{nullptr};
  std::array<Held, kMaxHeld> held{};
  RelaxedText name;
};

// What only the thread itself uses, so that it may be plain.
struct ThreadLocalState {
  ThreadSlot* slot = nullptr;
  bool gone = false;  // the thread is past its thread_local destructors, or no slot was free
  std::uint64_t execution_id = 0;
  unsigned index = 0;
  unsigned mode = 0;
  Random decisions;
  Random numbers;
  std::atomic<unsigned>* gate = nullptr;  // of the body's thread: see Execution::open_gate
  unsigned gate_value = 0;
};

ThreadLocalState& this_thread();

// The calling thread's slot, claimed when first asked for; null when there is none to be had.
ThreadSlot* this_slot();
void name_this_thread(std::string_view name);

// A copy of a slot, for a report.
struct ThreadFacts {
  int tid = 0;
  std::string name;
  const void* waiting_for = nullptr;
  const char* waiting_kind = nullptr;
  struct Held {
    const void* object;
    const char* kind;
  };
  std::vector<Held> held;
};
std::vector<ThreadFacts> all_threads();

// Removes one entry of `object` from whichever thread has it. For locks without an owner.
void forget_holder(const void* object);
// The threads with these ids stop for good at their next hook.
void park(const std::vector<int>& tids);
// Called by a hook: does not return if the thread was parked.
void stop_if_parked(const ThreadSlot& slot);

// In a child process that fork() just made: only the calling thread is left.
void forget_threads_of_parent();

// Names of objects. The oldest is kept when the table is full.
void set_object_name(const void* object, std::string_view name);
void forget_object_name(const void* object);
std::string object_name(const void* object);  // empty if it has none

}  // namespace weft::internal
