// Locks of stdio's files; pipes, by which threads may wait for each other.
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// An execution that is abandoned leaves its descriptors open, so a wrong use gets them from here.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  int in() const { return ends_[0]; }
  int out() const { return ends_[1]; }
  void close_both() {
    close(ends_[0]);
    close(ends_[1]);
  }

 private:
  int ends_[2];
};

const Specimen file({.name = "File.LockedByOneAtATime",
                     .holds = true,
                     .explored_only = "ThreadSanitizer does not know the lock of a file"},
                    [](Run& run) {
                      int inside = 0;
                      const auto print = [&] {
                        flockfile(stderr);
                        flockfile(stderr);
                        run.require(++inside == 1, "whoever has it is alone");
                        --inside;
                        funlockfile(stderr);
                        funlockfile(stderr);
                      };
                      run.thread(print);
                      run.thread(print);
                      run.join();
                      run.require(ftrylockfile(stderr) == 0, "a free one is taken");
                      run.thread(
                          [&] { run.require(ftrylockfile(stderr) != 0, "a taken one is not"); });
                      run.join();
                      funlockfile(stderr);
                    });

const Specimen file_kept({.name = "File.NotUnlocked",
                          .violates = Kind::kDeadlock,
                          .says = "held by first"},
                         [](Run& run) {
                           run.thread("first", [] { flockfile(stderr); });
                           run.join();
                           run.thread("second", [] { flockfile(stderr); });
                           run.join();
                         });

const Specimen pipe({.name = "Pipe.ReadGetsAnothersWrite", .holds = true}, [](Run& run) {
  Pipe pipe;
  run.thread([&] {
    char letter = 0;
    run.require(read(pipe.in(), &letter, 1) == 1 && letter == 'x', "what was written is read");
  });
  run.thread([&] { run.require(write(pipe.out(), "x", 1) == 1, "it is written"); });
  run.join();
  pipe.close_both();
});

const Specimen end_of_file({.name = "Pipe.ReadEndsWhenItIsClosed", .holds = true}, [](Run& run) {
  Pipe pipe;
  run.thread([&] {
    char letter = 0;
    run.require(read(pipe.in(), &letter, 1) == 0, "there is nothing more to come");
  });
  run.thread([&] { close(pipe.out()); });
  run.join();
  close(pipe.in());
});

const Specimen polls({.name = "Pipe.PollGivesUp"}, [](Run& run) {
  Pipe pipe;
  pollfd one = {pipe.in(), POLLIN, 0};
  run.require(poll(&one, 1, 0) == 0, "nothing is there");
  run.require(poll(&one, 1, 5) == 0, "nor does anything come");
  run.thread([&] { write(pipe.out(), "x", 1); });
  run.require(poll(&one, 1, -1) == 1 && (one.revents & POLLIN) != 0, "until it is written");
  run.join();
  pipe.close_both();
});

const Specimen socket({.name = "Socket.ReceivesWhatWasSent", .holds = true}, [](Run& run) {
  int ends[2];
  run.require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "it is made");
  run.thread([&] {
    char letter = 0;
    run.require(recv(ends[0], &letter, 1, 0) == 1 && letter == 'x', "what was sent is received");
  });
  run.thread([&] { send(ends[1], "x", 1, 0); });
  run.join();
  close(ends[0]);
  close(ends[1]);
});

const Specimen nobody_writes(
    {.name = "Pipe.NobodyWrites", .violates = Kind::kDeadlock, .says = "input"}, [](Run& run) {
      static Pipe pipe;
      run.thread([&] {
        char letter;
        read(pipe.in(), &letter, 1);
      });
      run.join();
    });

const Specimen selects({.name = "Pipe.Select", .violates = Kind::kNotModelled, .says = "select()"},
                       [](Run& run) {
                         run.thread([] {
                           timeval time = {};
                           select(0, nullptr, nullptr, nullptr, &time);
                         });
                         run.join();
                       });

}  // namespace
}  // namespace weft::suite
