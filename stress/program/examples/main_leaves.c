/* main() hands over to its threads and leaves by pthread_exit(); the last of them ends the process,
 * and the handler of the exit checks what they did. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void check(void) {
  if (done != 2) abort();
}

static void* work(void* unused) {
  pthread_mutex_lock(&mutex);
  ++done;
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  atexit(check);
  for (int i = 0; i < 2; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    pthread_detach(thread);
  }
  pthread_exit(NULL);
}
