// Sleeping on a 32-bit word (futex(2), private to the process), through the function syscall(), so
// that a runtime that interposes it sees our waits like anybody's.
//
// Thread safety: any thread. wake() uses only the word's address, never its content, so the word
// may be gone by then: whoever sleeps on memory reused at that address sees one wake-up without a
// reason, which every caller of wait() must expect anyway.
// Memory ordering: none; the word's own atomic operations order.
#pragma once

#include <atomic>
#include <cstdint>

#include "primitives/base/deadline.h"

namespace weft::futex {

using Word = std::atomic<std::uint32_t>;
static_assert(sizeof(Word) == 4 && Word::is_always_lock_free);

// Sleeps while `word` holds `expected`, until woken, interrupted by a signal or past `deadline`.
// Returns false only if the deadline has passed; true says nothing, look at the word.
bool wait(const Word& word, std::uint32_t expected, const Deadline& deadline);

void wake_one(const Word& word);
void wake_all(const Word& word);

}  // namespace weft::futex
