#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  if (fork() == 0) _exit(0);
  return wait(NULL) > 0 ? 0 : 1;
}
