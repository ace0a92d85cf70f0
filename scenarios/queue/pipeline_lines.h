// What the pipeline's stages say, whatever they are: threads or processes.
//
// Thread safety: a pure function.
#pragma once

#include <string>

#include "scenarios/transcript.h"

namespace weft::scenarios {

// The producer puts 0 to 9.
inline constexpr int kPipelineItems = 10;

// Empty if these are the lines of one pipeline, in an order that its queues allow; else a sentence.
std::string judge_pipeline(const Lines& lines);

}  // namespace weft::scenarios
