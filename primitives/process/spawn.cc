#include "primitives/process/spawn.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>

#include "primitives/process/pidfd.h"

extern char** environ;

namespace weft::internal {
namespace {

constexpr int kStreams = 3;

[[noreturn]] void fail(int error, const std::string& what) {
  throw StartError(error, std::generic_category(), what);
}

void check(const Arguments& args, const StartOptions& options) {
  if (args.empty() || args[0].empty()) throw ValueError("Popen: no program was named");
  const auto no_null = [](const std::string& text) {
    if (text.find('\0') != text.npos) throw ValueError("Popen: a null byte in '" + text + "'");
  };
  for (const std::string& arg : args) no_null(arg);
  no_null(options.cwd);
  if (options.env) {
    for (const auto& [name, value] : *options.env) {
      no_null(name);
      no_null(value);
      if (name.empty() || name.find('=') != name.npos) {
        throw ValueError("Popen: '" + name + "' is no name of a variable");
      }
    }
  }
  for (const Redirect* redirect : {&options.in, &options.out}) {
    if (redirect->kind() == Redirect::Kind::kToStdout) {
      throw ValueError("Popen: Redirect::to_stdout() is for the standard error alone");
    }
  }
}

struct Pipe {
  Descriptor read, write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(errno, "pipe");
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  // Above the standard streams, so that none is written over before it was copied: a caller may
  // have closed its own.
  for (Descriptor* end : {&pipe.read, &pipe.write}) {
    if (end->get() >= kStreams) continue;
    const int higher = ::fcntl(end->get(), F_DUPFD_CLOEXEC, kStreams);
    if (higher < 0) fail(errno, "pipe");
    end->reset(higher);
  }
  return pipe;
}

// posix_spawn's two lists of wishes.
class Wishes {
 public:
  Wishes() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~Wishes() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  Wishes(const Wishes&) = delete;
  Wishes& operator=(const Wishes&) = delete;

  // Throws if one could not be noted, for lack of memory.
  static void noted(int error) {
    if (error != 0) fail(error, "posix_spawn");
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

void redirect(Wishes& wishes, int stream, int to) {
  Wishes::noted(::posix_spawn_file_actions_adddup2(&wishes.actions, to, stream));
}

// Those of the caller that are open now and below `limit`.
std::vector<int> open_below(int limit) {
  std::vector<int> open;
  DIR* folder;
  do {
    folder = ::opendir("/proc/self/fd");
  } while (!folder && errno == EINTR);
  if (!folder) fail(errno, "/proc/self/fd");
  // One that is not seen would stay open in the program.
  errno = 0;
  while (const dirent* const entry = ::readdir(folder)) {
    const int fd = std::atoi(entry->d_name);  // "." and ".." are 0
    if (fd >= kStreams && fd < limit && fd != ::dirfd(folder)) open.push_back(fd);
  }
  const int error = errno;
  ::closedir(folder);
  if (error != 0) fail(error, "/proc/self/fd");
  return open;
}

void close_others(Wishes& wishes, const std::vector<int>& kept) {
  int first = kStreams;
  for (const int fd : kept) {
    first = std::max(first, fd + 1);
    if (fd >= kStreams) redirect(wishes, fd, fd);  // takes away its close-on-exec
  }
  if (first > kStreams) {
    // What another thread opens meanwhile, below the highest that is kept and without
    // close-on-exec, stays open.
    for (const int fd : open_below(first)) {
      if (std::find(kept.begin(), kept.end(), fd) == kept.end()) {
        Wishes::noted(::posix_spawn_file_actions_addclose(&wishes.actions, fd));
      }
    }
  }
  Wishes::noted(::posix_spawn_file_actions_addclosefrom_np(&wishes.actions, first));
}

void set_attributes(Wishes& wishes, const StartOptions& options) {
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  Wishes::noted(::posix_spawnattr_setsigmask(&wishes.attributes, &none));
  Wishes::noted(::posix_spawnattr_setsigdefault(&wishes.attributes, &all));
  int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (options.new_group) flags |= POSIX_SPAWN_SETPGROUP;  // 0: its own
  Wishes::noted(::posix_spawnattr_setflags(&wishes.attributes, static_cast<short>(flags)));
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::string path_variable(const StartOptions& options) {
  if (options.env) {
    const auto found = options.env->find("PATH");
    return found == options.env->end() ? "/bin:/usr/bin" : found->second;
  }
  const char* const path = ::getenv("PATH");
  return path ? path : "/bin:/usr/bin";
}

// Where execvp would find it; the name itself if nowhere.
std::string find_program(const std::string& name, const StartOptions& options) {
  if (name.find('/') != name.npos) return name;
  const std::string path = path_variable(options);
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string folder = end == begin ? "." : path.substr(begin, end - begin);
    const std::string program = folder + "/" + name;
    struct stat facts;
    if (::stat(program.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) &&
        ::access(program.c_str(), X_OK) == 0) {
      return program;
    }
    begin = end + 1;
  }
  return name;
}

// posix_spawn says why it failed, and not at which step.
std::string culprit(int error, const std::string& program, const StartOptions& options) {
  struct stat facts;
  const bool of_folder = error == ENOENT || error == ENOTDIR || error == EACCES;
  if (of_folder && !options.cwd.empty() &&
      (::stat(options.cwd.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) ||
       ::access(options.cwd.c_str(), X_OK) != 0)) {
    return options.cwd;
  }
  for (const Redirect* each : {&options.in, &options.out, &options.err}) {
    if (each->kind() != Redirect::Kind::kFile) continue;
    const bool reads = each == &options.in;
    const Descriptor opened(::open(each->path().c_str(), reads ? O_RDONLY : O_WRONLY));
    if (!opened && errno == error) return each->path();
  }
  return program;
}

// `ours` and `theirs`: the ends of a pipe, if the wish is one; `theirs` also holds a copy.
void redirect_stream(Wishes& wishes, int stream, const Redirect& wish, Descriptor& ours,
                     Descriptor& theirs) {
  const bool is_input = stream == STDIN_FILENO;
  const auto open_in_program = [&](const char* path, int flags) {
    Wishes::noted(::posix_spawn_file_actions_addopen(
        &wishes.actions, stream, path, flags | (is_input ? O_RDONLY : O_WRONLY), 0666));
  };
  switch (wish.kind()) {
    case Redirect::Kind::kInherit:
      break;
    case Redirect::Kind::kPipe: {
      Pipe pipe = make_pipe();
      theirs = std::move(is_input ? pipe.read : pipe.write);
      ours = std::move(is_input ? pipe.write : pipe.read);
      if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0) fail(errno, "pipe");
      redirect(wishes, stream, theirs.get());
      break;
    }
    case Redirect::Kind::kNull:
      open_in_program("/dev/null", 0);
      break;
    case Redirect::Kind::kToStdout:
      redirect(wishes, stream, STDOUT_FILENO);
      break;
    case Redirect::Kind::kFile:
      open_in_program(wish.path().c_str(), is_input ? 0 : O_CREAT | O_TRUNC);
      break;
    case Redirect::Kind::kDescriptor:
      // A copy: of the standard streams one may be asked for in place of another.
      theirs = Descriptor(::fcntl(wish.fd(), F_DUPFD_CLOEXEC, kStreams));
      if (!theirs) fail(errno, "descriptor " + std::to_string(wish.fd()));
      redirect(wishes, stream, theirs.get());
      break;
  }
}

}  // namespace

Spawned spawn(const Arguments& args, const StartOptions& options) {
  check(args, options);
  Wishes wishes;
  Spawned spawned;
  std::array<Descriptor, kStreams> theirs;
  const std::array<const Redirect*, kStreams> redirects = {&options.in, &options.out, &options.err};
  if (!options.cwd.empty()) {
    Wishes::noted(::posix_spawn_file_actions_addchdir_np(&wishes.actions, options.cwd.c_str()));
  }
  for (std::size_t stream = 0; stream < kStreams; ++stream) {
    redirect_stream(wishes, static_cast<int>(stream), *redirects[stream], spawned.ends[stream],
                    theirs[stream]);
  }
  close_others(wishes, options.pass_fds);
  set_attributes(wishes, options);

  std::vector<std::string> arguments = args;
  std::vector<std::string> variables;
  if (options.env) {
    for (const auto& [name, value] : *options.env) variables.push_back(name + "=" + value);
  }
  std::vector<char*> own_environment = pointers(variables);
  const std::string program = find_program(args[0], options);
  const int error =
      ::posix_spawn(&spawned.pid, program.c_str(), &wishes.actions, &wishes.attributes,
                    pointers(arguments).data(), options.env ? own_environment.data() : environ);
  if (error != 0) fail(error, "cannot start '" + culprit(error, program, options) + "'");
  spawned.pidfd = Descriptor(pidfd_open(spawned.pid));
  if (!spawned.pidfd && errno != ESRCH) {
    const int why = errno;
    (void)::kill(spawned.pid, SIGKILL);
    while (::waitpid(spawned.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    fail(why, "pidfd_open");
  }
  return spawned;
}

}  // namespace weft::internal
