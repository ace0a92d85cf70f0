#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <string_view>

#include "stress/run/stacks.h"

extern "C" {
// A sanitizer's runtime has this.
__attribute__((weak)) void __sanitizer_symbolize_pc(void* pc, const char* format, char* buffer,
                                                    std::size_t size);
}
extern char** environ;

namespace weft::internal {
namespace {

struct Place {
  std::string module;
  std::uintptr_t offset = 0;  // as the module's file counts
};

Place place_of(std::uintptr_t address) {
  struct Search {
    std::uintptr_t address;
    Place place;
  } search{address, {}};
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* data) {
        auto* search = static_cast<Search*>(data);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& segment = info->dlpi_phdr[i];
          const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
          if (segment.p_type != PT_LOAD || search->address < begin ||
              search->address >= begin + segment.p_memsz) {
            continue;
          }
          search->place.module = info->dlpi_name;
          search->place.offset = search->address - info->dlpi_addr;
          return 1;
        }
        return 0;
      },
      &search);
  if (search.place.module.empty()) {
    char self[4096];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
    if (size > 0) search.place.module.assign(self, static_cast<std::size_t>(size));
  }
  return search.place;
}

std::string from_dynamic_linker(std::uintptr_t address) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(address), &info) == 0) return "?";
  if (info.dli_sname == nullptr) {
    char text[64];
    std::snprintf(text, sizeof text, "+0x%zx", address - std::uintptr_t(info.dli_fbase));
    return std::string("? in ") + info.dli_fname + text;
  }
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : info.dli_sname;
}

std::string shortened(std::string place) {
  // Bazel compiles in a directory of its own and writes it into the debug information.
  for (std::string_view root : {"/proc/self/cwd/", "./"}) {
    if (place.starts_with(root)) place.erase(0, root.size());
  }
  const std::size_t execroot = place.find("/execroot/");
  if (execroot != place.npos) {
    const std::size_t end = place.find('/', execroot + 10);
    if (end != place.npos) place.erase(0, end + 1);
  }
  return place;
}

// While one lives, a program that this thread starts ignores SIGTERM for good. The sanitizer's
// symbolizer is to: Bazel sends it SIGTERM too, and it is needed then.
class SigtermBlocked {
 public:
  SigtermBlocked() {
    sigset_t sigterm;
    sigemptyset(&sigterm);
    sigaddset(&sigterm, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &sigterm, &before_);
  }
  ~SigtermBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SigtermBlocked(const SigtermBlocked&) = delete;
  SigtermBlocked& operator=(const SigtermBlocked&) = delete;

 private:
  sigset_t before_;
};

std::string frame_text(const std::string& function, const std::string& place) {
  if (place.empty() || place.starts_with("??") || place.starts_with(":")) return function;
  return function + " at " + shortened(place);
}

std::vector<std::string> from_sanitizer(std::uintptr_t address) {
  std::vector<std::string> frames;
  std::array<char, 8192> buffer{};
  // The runtime takes what it is given for a return address, and separates inlined frames by NUL.
  __sanitizer_symbolize_pc(reinterpret_cast<void*>(address + 1), "%f\t%s:%l", buffer.data(),
                           buffer.size() - 1);
  for (const char* at = buffer.data(); *at != '\0'; at += std::strlen(at) + 1) {
    const std::string_view line(at);
    const std::size_t tab = line.find('\t');
    std::string place(tab == line.npos ? "" : line.substr(tab + 1));
    if (place.starts_with("<null>") || place.ends_with(":0")) place.clear();
    frames.push_back(frame_text(std::string(line.substr(0, tab)), place));
  }
  return frames;
}

// The output of a program fed with `input`; nothing if it cannot be run or fails. The input is a
// file that has no name any more, so that no pipe can fill up on both sides.
std::string output_of(std::vector<std::string> arguments, const std::string& input) {
  std::FILE* file = std::tmpfile();
  if (file == nullptr) return "";
  std::fwrite(input.data(), 1, input.size(), file);
  std::rewind(file);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    std::fclose(file);
    return "";
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(file), 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  std::fclose(file);
  close(ends[1]);
  std::string output;
  char buffer[4096];
  while (failed == 0) {
    const ssize_t size = read(ends[0], buffer, sizeof buffer);
    if (size <= 0) break;
    output.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || status != 0) return "";
  return output;
}

// Both llvm-symbolizer and addr2line (with -f -i) answer with pairs of lines, function and place.
// llvm-symbolizer ends each answer with an empty line; addr2line is asked with -a instead, and
// begins each answer with the address.
using Answers = std::vector<std::vector<std::string>>;

Answers from_llvm_symbolizer(const std::string& program, const std::vector<Place>& places) {
  std::ostringstream input;
  for (const Place& place : places) {
    input << '"' << place.module << "\" 0x" << std::hex << place.offset << '\n';
  }
  std::istringstream output(
      output_of({program, "--demangle", "--inlines", "--functions=linkage"}, input.str()));
  Answers answers;
  std::string function;
  std::string line;
  std::vector<std::string> frames;
  while (std::getline(output, function)) {
    if (function.empty()) {
      answers.push_back(std::move(frames));
      frames.clear();
    } else if (std::getline(output, line)) {
      const std::size_t column = line.rfind(':');
      frames.push_back(frame_text(function, line.substr(0, column)));
    }
  }
  return answers.size() == places.size() ? answers : Answers();
}

Answers from_addr2line(const std::vector<Place>& places) {
  std::map<std::string, std::vector<std::size_t>> by_module;
  for (std::size_t i = 0; i < places.size(); ++i) by_module[places[i].module].push_back(i);
  Answers answers(places.size());
  for (const auto& [module, indices] : by_module) {
    std::ostringstream input;
    for (std::size_t i : indices) input << "0x" << std::hex << places[i].offset << '\n';
    std::istringstream output(
        output_of({"addr2line", "-a", "-f", "-C", "-i", "-e", module}, input.str()));
    std::string function;
    std::string place;
    std::size_t next = 0;
    while (std::getline(output, function)) {
      if (function.starts_with("0x")) {
        ++next;
      } else if (next == 0 || next > indices.size() || !std::getline(output, place)) {
        return {};
      } else {
        answers[indices[next - 1]].push_back(
            frame_text(function, place.substr(0, place.find(" (discriminator"))));
      }
    }
  }
  return answers;
}

Answers from_programs(const std::vector<Place>& places) {
  for (const char* program : {"llvm-symbolizer-19", "llvm-symbolizer"}) {
    Answers answers = from_llvm_symbolizer(program, places);
    if (!answers.empty()) return answers;
  }
  return from_addr2line(places);
}

// Not the tested code: how Weft and the standard library come to call it, and how glibc goes from
// a call with a name to the system call that waits.
bool is_plumbing(std::string_view frame) {
  static constexpr std::string_view kBeginnings[] = {
      "start_thread",
      "__clone",
      "clone",
      "execute_native_thread_routine",
      "_start",
      "__libc_start",
      "__futex_",
      "futex_wait",
      "__GI___lll",
      "__lll",
      "lll_",
      "__tsan_thread_start",
      "asan_thread_start",
      "ThreadStartFunc",
      "<null>",
  };
  static constexpr std::string_view kParts[] = {
      "weft::Run::thread<",  "weft::Run::run_thread",
      "weft::internal::",    "weft_on_",
      "weft::annotate::",    "/c++/",
      "libstdc++.so",        "__invoke",
      "exception_counts.cc",
  };
  for (std::string_view beginning : kBeginnings) {
    if (frame.starts_with(beginning)) return true;
  }
  for (std::string_view part : kParts) {
    if (frame.find(part) != frame.npos) return true;
  }
  return false;
}

}  // namespace

std::vector<std::vector<std::string>> symbolized(const std::vector<std::vector<void*>>& stacks) {
  std::vector<std::uintptr_t> addresses;
  for (const auto& stack : stacks) {
    for (std::size_t i = 0; i < stack.size(); ++i) {
      // All but the innermost are return addresses: the call is one byte or more before.
      addresses.push_back(reinterpret_cast<std::uintptr_t>(stack[i]) - (i == 0 ? 0 : 1));
    }
  }
  Answers answers;
  if (__sanitizer_symbolize_pc != nullptr) {
    const SigtermBlocked blocked;
    for (std::uintptr_t address : addresses) answers.push_back(from_sanitizer(address));
  } else if (!addresses.empty()) {
    std::vector<Place> places;
    for (std::uintptr_t address : addresses) places.push_back(place_of(address));
    answers = from_programs(places);
  }
  answers.resize(addresses.size());
  std::vector<std::vector<std::string>> texts;
  std::size_t next = 0;
  for (const auto& stack : stacks) {
    auto& frames = texts.emplace_back();
    for (std::size_t i = 0; i < stack.size(); ++i, ++next) {
      auto& answer = answers[next];
      if (answer.empty() || answer.front().starts_with("??")) {
        answer = {from_dynamic_linker(addresses[next])};
      }
      frames.insert(frames.end(), answer.begin(), answer.end());
    }
  }
  return texts;
}

std::vector<std::string> without_plumbing(std::vector<std::string> frames) {
  std::vector<std::string> kept;
  for (std::string& frame : frames) {
    if (!is_plumbing(frame)) kept.push_back(std::move(frame));
  }
  return kept.empty() ? frames : kept;
}

}  // namespace weft::internal
