/* A bounded buffer between producers and consumers, with one condition variable for both. What
 * wakes a producer may be meant for a consumer: with pthread_cond_signal() everybody may end up
 * waiting. Correct if compiled with -DBROADCAST. */
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int slot;
static int full;

static void wake(void) {
#ifdef BROADCAST
  pthread_cond_broadcast(&changed);
#else
  pthread_cond_signal(&changed);
#endif
}

static void* produce(void* item) {
  pthread_mutex_lock(&mutex);
  while (full) pthread_cond_wait(&changed, &mutex);
  slot = (int)(long)item;
  full = 1;
  wake();
  pthread_mutex_unlock(&mutex);
  return NULL;
}

static void* consume(void* unused) {
  pthread_mutex_lock(&mutex);
  while (!full) pthread_cond_wait(&changed, &mutex);
  full = 0;
  printf("got %d\n", slot);
  wake();
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t threads[4];
  pthread_create(&threads[0], NULL, consume, NULL);
  pthread_create(&threads[1], NULL, consume, NULL);
  pthread_create(&threads[2], NULL, produce, (void*)1L);
  pthread_create(&threads[3], NULL, produce, (void*)2L);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  return 0;
}
