// A mode compiles a test and its dependencies with the flags the mode is for.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "stress/defs_test/build_facts.h"

// Every sanitizer's runtime has it.
extern "C" __attribute__((weak)) void __sanitizer_print_stack_trace();

namespace {

std::string build_of_mode(const std::string& mode) {
  if (mode == "stress") return "optimized asserts";
  if (mode == "explore") return "optimized asserts thread explored";
  if (mode == "tsan") return "optimized asserts thread";
  if (mode == "asan") return "optimized asserts address undefined";
  return "no build: mode \"" + mode + "\" is unknown to this test";
}

std::string mode() {
  const char* name = std::getenv("WEFT_MODE");
  return name == nullptr ? "" : name;
}

TEST(Build, TheTestHasTheFlagsOfItsMode) { EXPECT_EQ(weft::own_build(), build_of_mode(mode())); }

TEST(Build, ADependencyHasTheFlagsOfTheMode) {
  EXPECT_EQ(weft::build_of_a_dependency(), build_of_mode(mode()));
}

// Code for the explorer is compiled as for ThreadSanitizer, and linked without it.
TEST(Build, ASanitizersRuntimeIsLinkedInItsModeAlone) {
  EXPECT_EQ(__sanitizer_print_stack_trace != nullptr, mode() == "tsan" || mode() == "asan");
}

}  // namespace
