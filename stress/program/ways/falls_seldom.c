/* Ends by a signal in one of many orders: an execution that many went before. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int order;

static void* append(void* digit) {
  int before = atomic_load(&order);
  while (!atomic_compare_exchange_weak(&order, &before, before * 10 + (int)(long)digit)) {
  }
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  for (long i = 0; i < 4; ++i) pthread_create(&threads[i], NULL, append, (void*)(i + 1));
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  if (atomic_load(&order) != 4213) return 0;
#ifdef BY_KILL
  kill(getpid(), SIGKILL);
#else
  *(volatile int*)8 = 1;
#endif
  return 0;
}
