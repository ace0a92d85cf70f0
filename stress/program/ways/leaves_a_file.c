/* What an execution does to a file stays: it adds a line to the one that is named. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int turns;

static void* work(void* unused) {
  atomic_fetch_add(&turns, 1);
  return unused;
}

int main(int argc, char** argv) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  FILE* file = argc == 2 ? fopen(argv[1], "a") : NULL;
  if (file == NULL) return 2;
  fprintf(file, "%d\n", atomic_load(&turns));
  return fclose(file) == 0 ? 0 : 2;
}
