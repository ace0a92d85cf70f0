/* Two locks in orders that contradict each other, but the second thread takes them only when the
 * first is done: no schedule ends in a deadlock. */
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static atomic_int done;

static void take(pthread_mutex_t* first, pthread_mutex_t* second) {
  pthread_mutex_lock(first);
  pthread_mutex_lock(second);
  pthread_mutex_unlock(second);
  pthread_mutex_unlock(first);
}

static void* forwards(void* unused) {
  take(&one, &other);
  atomic_store(&done, 1);
  return unused;
}

static void* backwards(void* unused) {
  if (atomic_load(&done)) take(&other, &one);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, forwards, NULL);
  pthread_create(&threads[1], NULL, backwards, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
