/* _exit() runs no handler. */
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  atexit(abort);
  _exit(0);
}
