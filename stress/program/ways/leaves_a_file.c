/* What an execution does to a file stays: it adds a line to the one that is named. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int turns;

static void* work(void* unused) {
  atomic_fetch_add(&turns, 1);
  return unused;
}

int main(int argc, char** argv) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  if (argc != 2) return 2;
#ifdef BY_SYSCALL
  const long file = syscall(SYS_open, argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
  return syscall(SYS_write, file, "2\n", 2) == 2 ? 0 : 2;
#else
  FILE* file = fopen(argv[1], "a");
  if (file == NULL) return 2;
  fprintf(file, "%d\n", atomic_load(&turns));
  return fclose(file) == 0 ? 0 : 2;
#endif
}
