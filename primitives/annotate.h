// Hooks by which a harness watches the primitives; no-ops in every other program.
//
// Each hook is an undefined weak C function. A program that links no harness pays one test of an
// address; one that links //stress/run gets its definitions, which name locks and holders in the
// report of a hang and perturb the schedule. Tested code may call the wrappers too: name() makes
// reports readable, and point() marks a place where a preemption is interesting.
//
// Thread safety: any thread, any time, also inside a primitive's own critical section; so a
// definition must not call a primitive, and must not wait for another thread of the tested code.
// Memory ordering: none promised. A definition must not order the tested threads, or it would hide
// the races that the harness looks for.
#pragma once

extern "C" {
// `object` is about to be waited for by the calling thread; `kind` is the primitive's name.
__attribute__((weak)) void weft_on_waiting(const void* object, const char* kind);
// The wait of which the calling thread has just told ends by itself: it is an attempt, or has a
// time-out or a stop token.
__attribute__((weak)) void weft_on_limited(const void* object);
// The calling thread got what it waited for: it holds `object` if that is something to be held,
// and waits no longer in any case.
__attribute__((weak)) void weft_on_acquired(const void* object, const char* kind);
// `object` was let go, not necessarily by the thread that acquired it; or a wait for it was given
// up (time-out, stop request).
__attribute__((weak)) void weft_on_released(const void* object, const char* kind);
// The calling thread has ended the waits of `woken` threads for `object`, a condition; who begins
// to wait after it has missed it.
__attribute__((weak)) void weft_on_notified(const void* object, unsigned long woken);
// Whether the calling thread's wait for `object`, which nobody has notified, is to return as if
// somebody had: the tested code runs no more but to find out whether that is all that it lacks.
__attribute__((weak)) bool weft_wait_is_tried(const void* object);
// `object` is called `name` in reports; the text is copied.
__attribute__((weak)) void weft_on_named(const void* object, const char* name);
// `object` ends; its address may mean something else from now on.
__attribute__((weak)) void weft_on_destroyed(const void* object);
// A named place at which the harness may preempt or kill the calling thread.
__attribute__((weak)) void weft_on_point(const char* name);
}

namespace weft::annotate {

// Whether anybody may hear: whoever defines hooks defines weft_on_waiting. One test, for fast paths
// that would make several.
inline bool watched() { return weft_on_waiting != nullptr; }

inline void waiting(const void* object, const char* kind) {
  if (weft_on_waiting) weft_on_waiting(object, kind);
}
inline void limited(const void* object) {
  if (weft_on_limited) weft_on_limited(object);
}
inline void acquired(const void* object, const char* kind) {
  if (weft_on_acquired) weft_on_acquired(object, kind);
}
inline void released(const void* object, const char* kind) {
  if (weft_on_released) weft_on_released(object, kind);
}
inline void notified(const void* object, unsigned long woken) {
  if (weft_on_notified) weft_on_notified(object, woken);
}
inline bool wait_is_tried(const void* object) {
  return weft_wait_is_tried != nullptr && weft_wait_is_tried(object);
}
inline void named(const void* object, const char* name) {
  if (weft_on_named) weft_on_named(object, name);
}
inline void destroyed(const void* object) {
  if (weft_on_destroyed) weft_on_destroyed(object);
}
inline void point(const char* name) {
  if (weft_on_point) weft_on_point(name);
}

}  // namespace weft::annotate
