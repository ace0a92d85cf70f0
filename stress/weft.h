/* What a program under test may tell Weft; for C and for C++.
 *
 * In a program that `weft check` or weft::check explores these do what they say; in any other they
 * do nothing, and nothing has to be linked: each looks whether the harness is there.
 *
 * Thread safety: any thread, any time.
 * Memory ordering: none. None of them orders two threads, and only weft_atomic_begin/end keep a
 * switch from happening.
 */
#ifndef WEFT_STRESS_WEFT_H_
#define WEFT_STRESS_WEFT_H_

#ifdef __cplusplus
extern "C" {
#endif

__attribute__((weak)) void weft_on_uninteresting(void);
__attribute__((weak)) void weft_on_atomic(int begins);
__attribute__((weak)) void weft_on_event(const char* text);

/* If the condition is false this execution is of no interest: it ends here, without a finding, and
 * does not count as a distinct one. For inputs and orders that the question is not about. */
static inline void weft_assume(int condition) {
  if (!condition && weft_on_uninteresting) weft_on_uninteresting();
}

/* No other thread runs between the two, unless this one has to wait. They may be nested. For a
 * model of what is one step in the real thing; code that is to be tested needs none. */
static inline void weft_atomic_begin(void) {
  if (weft_on_atomic) weft_on_atomic(1);
}
static inline void weft_atomic_end(void) {
  if (weft_on_atomic) weft_on_atomic(0);
}

/* A note that is printed with a finding; the last 128 of an execution, each cut at 55 bytes. Of a
 * whole program: a test has Run::event(). */
static inline void weft_event(const char* text) {
  if (weft_on_event) weft_on_event(text);
}

#ifdef __cplusplus
}
#endif

#endif
