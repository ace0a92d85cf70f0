// What is not modelled: each such call ends the execution, and the finding has its name.
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

char program[] = "/bin/true";
char* arguments[] = {program, nullptr};
sigset_t no_signals;
siginfo_t told;
int status;
epoll_event event;

#define REFUSED(function, ...)                                                                \
  const Specimen refused_##function(                                                          \
      {.name = "Refused." #function, .violates = Kind::kNotModelled, .says = #function "()"}, \
      [](Run& run) {                                                                          \
        run.thread([] { __VA_ARGS__; });                                                      \
        run.join();                                                                           \
      })

REFUSED(vfork, if (vfork() == 0) _exit(0));
REFUSED(execve, execve(program, arguments, nullptr));
REFUSED(execv, execv(program, arguments));
REFUSED(execvp, execvp(program, arguments));
REFUSED(posix_spawn, pid_t child;
        posix_spawn(&child, program, nullptr, nullptr, arguments, nullptr));
REFUSED(posix_spawnp, pid_t child;
        posix_spawnp(&child, program, nullptr, nullptr, arguments, nullptr));
REFUSED(popen, pclose(popen(program, "r")));
REFUSED(wait, wait(&status));
REFUSED(waitid, waitid(P_ALL, 0, &told, WEXITED));
REFUSED(pause, pause());
REFUSED(sigsuspend, sigsuspend(&no_signals));
REFUSED(sigwait, int which; sigwait(&no_signals, &which));
REFUSED(sigwaitinfo, sigwaitinfo(&no_signals, &told));
REFUSED(sigtimedwait, const timespec soon = {}; sigtimedwait(&no_signals, &told, &soon));
REFUSED(pselect, pselect(0, nullptr, nullptr, nullptr, nullptr, nullptr));
REFUSED(ppoll, ppoll(nullptr, 0, nullptr, nullptr));
REFUSED(epoll_wait, epoll_wait(-1, &event, 1, 0));
REFUSED(epoll_pwait, epoll_pwait(-1, &event, 1, 0, nullptr));
REFUSED(msgrcv, char text[16]; msgrcv(-1, text, 8, 0, 0));
REFUSED(semop, sembuf change = {}; semop(-1, &change, 1));
REFUSED(mq_receive, char text[16]; mq_receive(-1, text, sizeof text, nullptr));
REFUSED(mq_timedreceive, char text[16]; const timespec soon = {};
        mq_timedreceive(-1, text, sizeof text, nullptr, &soon));
REFUSED(pthread_mutex_consistent, pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        pthread_mutex_consistent(&mutex));

const Specimen by_number({.name = "Refused.ByNumber",
                          .violates = Kind::kNotModelled,
                          .says = "this number of syscall()"},
                         [](Run&) { syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0); });

}  // namespace
}  // namespace weft::suite
