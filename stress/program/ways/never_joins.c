/* The process may end while threads are at work that nobody joins or detaches, and that hold locks.
 */
#include <pthread.h>

static void* work(void* unused) {
  pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&own);
  pthread_mutex_unlock(&own);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  return 0;
}
