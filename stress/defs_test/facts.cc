// Prints the facts of its own build, and on a second line those of its dependency's.
#include <cstdio>

#include "stress/defs_test/build_facts.h"

int main() {
  std::printf("%s\n%s\n", weft::own_build().c_str(), weft::build_of_a_dependency().c_str());
  return 0;
}
