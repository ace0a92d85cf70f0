/* exit() with a code, by a thread that is not the main one. */
#include <pthread.h>
#include <stdlib.h>

static void* leave(void* unused) {
  (void)unused;
  exit(3);
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, leave, NULL);
  pthread_join(thread, NULL);
  return 0;
}
