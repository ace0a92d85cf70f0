/* Ends in a way that no handler sees; the search goes on to say so. */
#include <signal.h>

int main(void) { return raise(SIGKILL); }
