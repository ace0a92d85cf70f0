// A scenario as a program for people: it runs live, line by line, and is judged at the end.
#pragma once

namespace weft::scenarios {

struct Scenario;  // scenario.h; left out here, since every program compiles this header anew

// What main() returns: 0 if the property held, 1 if it broke (the standard error stream says how),
// 2 for a wrong option. The standard output gets the scenario's own lines and nothing else. Thread
// safety: from one thread; it writes to the standard streams.
int run_program(const Scenario& scenario, int argc, const char* const* argv);

}  // namespace weft::scenarios
