// Input and output by sockets: who would block waits for another thread.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "stress/explore/suite/specimen.h"

namespace weft::suite {
namespace {

// Two ends.
class Pair {
 public:
  Pair() {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_) != 0) ends_[0] = ends_[1] = -1;
  }
  int one() const { return ends_[0]; }
  int other() const { return ends_[1]; }
  void close_both() {
    close(ends_[0]);
    close(ends_[1]);
  }

 private:
  int ends_[2];
};

struct Message {
  char letter = 0;
  iovec part = {&letter, 1};
  msghdr header = {};
  Message() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
  }
};

ssize_t by_read(int file, char& letter) { return read(file, &letter, 1); }
ssize_t by_recv(int file, char& letter) { return recv(file, &letter, 1, 0); }
ssize_t by_recvfrom(int file, char& letter) {
  return recvfrom(file, &letter, 1, 0, nullptr, nullptr);
}
ssize_t by_recvmsg(int file, char& letter) {
  Message message;
  const ssize_t got = recvmsg(file, &message.header, 0);
  letter = message.letter;
  return got;
}
ssize_t by_readv(int file, char& letter) {
  const iovec part = {&letter, 1};
  return readv(file, &part, 1);
}

ssize_t by_write(int file) { return write(file, "x", 1); }
ssize_t by_send(int file) { return send(file, "x", 1, 0); }
ssize_t by_sendto(int file) { return sendto(file, "x", 1, 0, nullptr, 0); }
ssize_t by_sendmsg(int file) {
  Message message;
  message.letter = 'x';
  return sendmsg(file, &message.header, 0);
}
ssize_t by_writev(int file) {
  char letter = 'x';
  const iovec part = {&letter, 1};
  return writev(file, &part, 1);
}

template <ssize_t (*get)(int, char&), ssize_t (*put)(int)>
void hand_over(Run& run) {
  Pair pair;
  run.thread([&] {
    char letter = 0;
    run.require(get(pair.one(), letter) == 1 && letter == 'x', "what was sent is received");
  });
  run.thread([&] { run.require(put(pair.other()) == 1, "it is sent"); });
  run.join();
  pair.close_both();
}

// An execution that is abandoned leaves its descriptors open, so a wrong use has its own for good.
template <ssize_t (*get)(int, char&)>
void nobody_sends(Run& run) {
  static Pair pair;
  run.thread([] {
    char letter = 0;
    (void)get(pair.one(), letter);
  });
  run.join();
}

#define RECEIVES(get, put)                                                                  \
  const Specimen right_##get({.name = "Socket." #get "_and_" #put, .holds = true},          \
                             hand_over<get, put>);                                          \
  const Specimen wrong_##get(                                                               \
      {.name = "Socket." #get "_of_nothing", .violates = Kind::kDeadlock, .says = "input"}, \
      nobody_sends<get>)

RECEIVES(by_read, by_write);
RECEIVES(by_recv, by_send);
RECEIVES(by_recvfrom, by_sendto);
RECEIVES(by_recvmsg, by_sendmsg);
RECEIVES(by_readv, by_writev);

// Who must not block looks and goes on, whether anything is there or not.
template <int (*ask)(int)>
void look(Run& run) {
  Pair pair;
  run.thread([&] {
    char letter = 0;
    const ssize_t got = ask(pair.one()) == 0 ? recv(pair.one(), &letter, 1, MSG_DONTWAIT)
                                             : read(pair.one(), &letter, 1);
    run.require(got == 1 || (got == -1 && errno == EAGAIN), "it is there or not");
  });
  run.thread([&] { by_write(pair.other()); });
  run.join();
  pair.close_both();
}
int ask_the_call(int) { return 0; }
int ask_the_file(int file) {
  fcntl(file, F_SETFL, O_NONBLOCK);
  return 1;
}
const Specimen by_flag({.name = "Socket.ALookDoesNotWait", .holds = true}, look<ask_the_call>);
const Specimen by_file({.name = "Socket.ALookAtAFileThatNeverBlocksDoesNotWait", .holds = true},
                       look<ask_the_file>);
const Specimen believed({.name = "Socket.ALookTakenForAWait",
                         .violates = Kind::kAssertion,
                         .says = "it is there"},
                        [](Run& run) {
                          Pair pair;
                          ask_the_file(pair.one());
                          run.thread([&] {
                            char letter = 0;
                            run.require(read(pair.one(), &letter, 1) == 1, "it is there");
                          });
                          run.thread([&] { by_write(pair.other()); });
                          run.join();
                          pair.close_both();
                        });

const Specimen shut({.name = "Socket.ShutDownEndsAWait", .holds = true}, [](Run& run) {
  Pair pair;
  run.thread([&] {
    char letter = 0;
    run.require(by_read(pair.one(), letter) == 0, "there is nothing more to come");
  });
  run.thread([&] { shutdown(pair.other(), SHUT_WR); });
  run.join();
  pair.close_both();
});

// At an address that the system chooses.
class Listener {
 public:
  Listener() : file_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sun_family = AF_UNIX;
    if (bind(file_, as_general(), sizeof address_.sun_family) != 0 || listen(file_, 4) != 0 ||
        getsockname(file_, as_general(), &size_) != 0) {
      close(file_);
      file_ = -1;
    }
  }
  int file() const { return file_; }
  // Connects a new socket, which is returned.
  int reach() {
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(made, as_general(), size_) == 0) return made;
    close(made);
    return -1;
  }

 private:
  sockaddr* as_general() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_un address_ = {};
  socklen_t size_ = sizeof address_;
  int file_;
};

int by_accept(int file) { return accept(file, nullptr, nullptr); }
int by_accept4(int file) { return accept4(file, nullptr, nullptr, SOCK_CLOEXEC); }

template <int (*take)(int)>
void meet(Run& run) {
  Listener listener;
  run.thread([&] {
    const int got = take(listener.file());
    run.require(got >= 0, "somebody came");
    close(got);
  });
  run.thread([&] {
    const int made = listener.reach();
    run.require(made >= 0, "somebody is there");
    close(made);
  });
  run.join();
  close(listener.file());
}

template <int (*take)(int)>
void nobody_comes(Run& run) {
  static Listener listener;
  run.thread([] { take(listener.file()); });
  run.join();
}

#define ACCEPTS(take)                                                                       \
  const Specimen right_##take({.name = "Socket." #take, .holds = true}, meet<take>);        \
  const Specimen wrong_##take(                                                              \
      {.name = "Socket." #take "_of_nobody", .violates = Kind::kDeadlock, .says = "input"}, \
      nobody_comes<take>)

ACCEPTS(by_accept);
ACCEPTS(by_accept4);

}  // namespace
}  // namespace weft::suite
