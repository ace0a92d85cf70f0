// Ping and pong are processes and take turns by two locks: each releases what the other one took.
// Property: they alternate strictly; ping's turn is free at the end and pong's is held; the counter
// of the parent is its own.
#pragma once

#include "scenarios/scenario.h"

namespace weft::scenarios {

extern const Scenario kTurns;

}  // namespace weft::scenarios
