// What a translation unit's compiler flags say about its build.
#ifndef STRESS_DEFS_TEST_BUILD_FACTS_H_
#define STRESS_DEFS_TEST_BUILD_FACTS_H_

#include <string>

namespace weft {

// The facts of the translation unit that calls it, in words: "optimized asserts" and the
// sanitizers, "explored" for what the explorer is to see. Internal linkage: each unit answers for
// itself.
static inline std::string own_build() {
  std::string facts;
#ifdef __OPTIMIZE__
  facts += "optimized";
#else
  facts += "unoptimized";
#endif
#ifdef NDEBUG
  facts += " no-asserts";
#else
  facts += " asserts";
#endif
#if __has_feature(thread_sanitizer)
  facts += " thread";
#endif
#ifdef WEFT_EXPLORE
  facts += " explored";
#endif
#if __has_feature(address_sanitizer)
  facts += " address";
#endif
#if __has_feature(undefined_behavior_sanitizer)
  facts += " undefined";
#endif
  return facts;
}

// The facts of a dependency, compiled by a target of its own.
std::string build_of_a_dependency();

}  // namespace weft

#endif  // STRESS_DEFS_TEST_BUILD_FACTS_H_
