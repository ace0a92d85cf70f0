// What the examples of map_async say and claim, whoever does the work: threads or processes.
//
// Thread safety: as of the transcript.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "primitives/pool/async_result.h"
#include "scenarios/transcript.h"

namespace weft::scenarios {

// As the document has it: waits, and says the list.
void wait_and_get(Transcript& out, const AsyncResult<std::vector<int>>& results);

// The numbers of `results` wait until `let_go` is called, so that it is certain that nothing is
// ready. `callbacks`: how often its callback was called; read after the end.
void ask_too_early(Transcript& out, const AsyncResult<std::vector<int>>& results,
                   const std::function<void()>& let_go, const int& callbacks);

// Of what these two said, one after the other.
std::string judge_asked(const Lines& lines);

}  // namespace weft::scenarios
