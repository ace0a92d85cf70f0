/* Threads that share a file, which nobody closes: every execution opens it and reads it from its
 * beginning.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static FILE* file;
static atomic_int sum;

static void* read_a_line(void* unused) {
  int number = 0;
  if (fscanf(file, "%d", &number) == 1) atomic_fetch_add(&sum, number);
  return unused;
}

int main(int argc, char** argv) {
  file = fopen(argc > 1 ? argv[1] : "", "r");
  if (file == NULL) return 2;
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, read_a_line, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return atomic_load(&sum) == 42 ? 0 : 1;
}
