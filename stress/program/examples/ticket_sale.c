/* The last ticket, sold by C11 threads that forget that looking and taking are two steps. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

static atomic_int tickets = 1;

static int sell(void* unused) {
  (void)unused;
  if (atomic_load(&tickets) > 0) atomic_fetch_sub(&tickets, 1);
  return 0;
}

int main(void) {
  thrd_t first, second;
  thrd_create(&first, sell, NULL);
  thrd_create(&second, sell, NULL);
  thrd_join(first, NULL);
  thrd_join(second, NULL);
  printf("%d left\n", atomic_load(&tickets));
  return atomic_load(&tickets) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
