/* What stress/weft.h offers. Increments that are one step each; orders in which the second thread
 * is first are of no interest; a note for the report. Without Weft: the same program, and no more.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "stress/weft.h"

static atomic_int count;
static atomic_int first;

static void add(void) {
#ifdef IN_ONE_STEP
  weft_atomic_begin();
#endif
  atomic_store(&count, atomic_load(&count) + 1);
#ifdef IN_ONE_STEP
  weft_atomic_end();
#endif
}

static void* one(void* unused) {
  int none = 0;
  atomic_compare_exchange_strong(&first, &none, 1);
  add();
  return unused;
}

static void* two(void* unused) {
  int none = 0;
  atomic_compare_exchange_strong(&first, &none, 2);
  add();
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, one, NULL);
  pthread_create(&threads[1], NULL, two, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  weft_assume(atomic_load(&first) == 1);
  char text[32];
  snprintf(text, sizeof text, "counted %d", atomic_load(&count));
  weft_event(text);
  return atomic_load(&first) == 1 && atomic_load(&count) == 2 ? 0 : 1;
}
