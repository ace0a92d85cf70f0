/* Handlers of at_quick_exit() run, those of atexit() do not. */
#include <stdio.h>
#include <stdlib.h>

static void quick(void) {
  puts("quick handler");
  fflush(stdout);
}

int main(void) {
  atexit(abort);
  at_quick_exit(quick);
  quick_exit(4);
}
