// The end of the documents' pipeline, for specimens to put something wrong before it.
// Thread safety: none; a pipeline runs in one thread.
#pragma once

#include <string>

#include "primitives/coroutine/coroutine.h"

namespace weft::scenarios::specimens::coroutine {

using Stage = Coroutine<void, int>;

// Notes the digits it is sent, and '.' at its end.
inline Stage consumer(std::string& notes) {
  try {
    for (;;) notes += std::to_string(co_yield {});
  } catch (const GeneratorExit&) {
    notes += '.';
  }
}

// Sends each number plus one on, and notes '!' at its end.
inline Stage intermediate(std::string& notes, Stage& next) {
  try {
    for (;;) next.send((co_yield {}) + 1);
  } catch (const GeneratorExit&) {
    notes += '!';
  }
}

// Empty if these are the notes, else a sentence.
inline std::string unless_noted(const std::string& wanted, const std::string& notes) {
  return notes == wanted ? "" : "the notes are \"" + notes + "\", not \"" + wanted + "\"";
}

}  // namespace weft::scenarios::specimens::coroutine
