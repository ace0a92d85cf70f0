// The document's pipeline of coroutines: each stage is sent its items, and sends them on.
// Thread safety: none; a pipeline runs in one thread.
#pragma once

#include "primitives/coroutine/coroutine.h"
#include "scenarios/pace.h"
#include "scenarios/transcript.h"

namespace weft::scenarios::stages {

inline constexpr int kItems = 10;

// What is sent to a stage.
using Stage = Coroutine<void, int>;

// Sends 0 to kItems - 1, and closes what it sends to.
void producer(Transcript& out, const Pace& pace, Stage& next_task);
// Sends each number plus one on; closes nothing.
Stage intermediate(Transcript& out, Stage& next_task);
Stage consumer(Transcript& out);

}  // namespace weft::scenarios::stages
