/* Philosophers who all reach to the left first. How many is an argument; with a second one, the
 * last of them reaches to the right first, and nobody starves. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int count;
static int careful;
static pthread_mutex_t* forks;

static void* dine(void* argument) {
  long me = (long)argument;
  pthread_mutex_t* left = &forks[me];
  pthread_mutex_t* right = &forks[(me + 1) % count];
  if (careful && me == count - 1) {
    pthread_mutex_t* other = left;
    left = right;
    right = other;
  }
  pthread_mutex_lock(left);
  pthread_mutex_lock(right);
  pthread_mutex_unlock(right);
  pthread_mutex_unlock(left);
  return NULL;
}

int main(int argc, char** argv) {
  count = argc > 1 ? atoi(argv[1]) : 0;
  careful = argc > 2;
  if (count < 2) {
    fprintf(stderr, "usage: %s PHILOSOPHERS [careful]\n", argv[0]);
    return 2;
  }
  forks = calloc((size_t)count, sizeof *forks);
  pthread_t* threads = calloc((size_t)count, sizeof *threads);
  for (int i = 0; i < count; ++i) pthread_mutex_init(&forks[i], NULL);
  for (long i = 0; i < count; ++i) pthread_create(&threads[i], NULL, dine, (void*)i);
  for (int i = 0; i < count; ++i) pthread_join(threads[i], NULL);
  free(threads);
  free(forks);
  return 0;
}
