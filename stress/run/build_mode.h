// Which sanitizer this program was compiled with, as constants.
#pragma once

namespace weft {

// Under the explorer code is compiled as for ThreadSanitizer, and linked without it.
#if defined(WEFT_EXPLORE)
inline constexpr bool kExplored = true;
#else
inline constexpr bool kExplored = false;
#endif

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) && !defined(WEFT_EXPLORE)
#define WEFT_THREAD_SANITIZER 1
#endif
#if __has_feature(address_sanitizer)
#define WEFT_ADDRESS_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) && !defined(WEFT_THREAD_SANITIZER) && !defined(WEFT_EXPLORE)
#define WEFT_THREAD_SANITIZER 1
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(WEFT_ADDRESS_SANITIZER)
#define WEFT_ADDRESS_SANITIZER 1
#endif

#if defined(WEFT_THREAD_SANITIZER)
inline constexpr bool kThreadSanitizer = true;
#else
inline constexpr bool kThreadSanitizer = false;
#endif
#if defined(WEFT_ADDRESS_SANITIZER)
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif

inline constexpr const char* kBuildMode = kThreadSanitizer    ? "tsan"
                                          : kAddressSanitizer ? "asan"
                                          : kExplored         ? "explore"
                                                              : "stress";

// For a function that runs while a sanitizer holds its own locks, or in a signal handler that the
// sanitizer was not told of: no instrumentation at all, not even of entry and exit.
#if defined(__clang__)
#define WEFT_UNINSTRUMENTED \
  __attribute__((disable_sanitizer_instrumentation, no_sanitize("thread", "address", "undefined")))
#else
#define WEFT_UNINSTRUMENTED __attribute__((no_sanitize("thread", "address", "undefined")))
#endif

}  // namespace weft
