// The compiler's flags as a translation unit sees them.
#ifndef BENCHMARKS_DEFS_TEST_FLAGS_H_
#define BENCHMARKS_DEFS_TEST_FLAGS_H_

namespace weft {

struct Flags {
  bool optimized;
  bool asserts;
};

// Of the translation unit that calls it.
constexpr Flags own_flags() {
  return Flags{
#ifdef __OPTIMIZE__
      .optimized = true,
#else
      .optimized = false,
#endif
#ifdef NDEBUG
      .asserts = false,
#else
      .asserts = true,
#endif
  };
}

// Of a dependency, compiled by a target of its own.
Flags flags_of_a_dependency();

}  // namespace weft

#endif  // BENCHMARKS_DEFS_TEST_FLAGS_H_
