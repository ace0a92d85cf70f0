/* A thread joins the main one, which has left by pthread_exit() with a value. */
#include <pthread.h>
#include <stdlib.h>

static pthread_t main_thread;
static long joined;

static void check(void) {
  if (joined != 7) abort();
}

static void* join_main(void* unused) {
  void* result = NULL;
  if (pthread_join(main_thread, &result) != 0) abort();
  joined = (long)result;
  return unused;
}

int main(void) {
  pthread_t thread;
  atexit(check);
  main_thread = pthread_self();
  pthread_create(&thread, NULL, join_main, NULL);
  pthread_exit((void*)7L);
}
