// Runs a program one call at a time, each begun only when nothing in the process will move any
// more: every thread has returned from its last call or sleeps in it. So the order is known, also
// that of calls that wait, and the model must explain it exactly: who returned what, and who still
// waits.
//
// That finds what does not take a race: a wake-up that is missing, wrong results, wrong order. It
// finds no races, for the calls are ordered.
//
// Thread safety: one run at a time, by one thread, while no other thread of the process begins or
// ends threads.
#pragma once

#include <optional>
#include <string>

#include "stress/generate/program.h"
#include "stress/generate/subject.h"

namespace weft::generate {

// What is wrong, with a table of what was seen; nothing if the model explains it. `program` is
// complete. Threads that are stuck are left behind, with the object.
std::optional<std::string> violation_in_lockstep(const Vocabulary& vocabulary,
                                                 const Program& program);

}  // namespace weft::generate
