#include <cxxabi.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

std::string demangled(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), std::free);
  return status == 0 ? name.get() : symbol;
}

std::string from_dynamic_linker(std::uintptr_t address) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(address), &info) == 0) return "?";
  if (info.dli_sname == nullptr) {
    char text[64];
    std::snprintf(text, sizeof text, "+0x%zx", address - std::uintptr_t(info.dli_fbase));
    return std::string("? in ") + info.dli_fname + text;
  }
  return demangled(info.dli_sname);
}

std::string with_offset(std::string name, std::uintptr_t offset) {
  constexpr std::string_view kNowhere = "(anonymous namespace)::";
  for (std::size_t at; (at = name.find(kNowhere)) != name.npos;) name.erase(at, kNowhere.size());
  return offset == 0 ? name : name + "+" + std::to_string(offset);
}

std::string variable_from_dynamic_linker(std::uintptr_t address) {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(address), &info) == 0 || info.dli_sname == nullptr) return "";
  return with_offset(demangled(info.dli_sname),
                     address - reinterpret_cast<std::uintptr_t>(info.dli_saddr));
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

// `place` is "file:line".
SourcePlace source_place(const std::string& function, const std::string& place) {
  if (place.empty() || place.starts_with("??") || place.starts_with(":")) return {function, "", 0};
  const std::size_t colon = place.rfind(':');
  if (colon == place.npos) return {function, shortened(place), 0};
  return {function, shortened(place.substr(0, colon)),
          static_cast<unsigned>(std::strtoul(place.c_str() + colon + 1, nullptr, 10))};
}

using Frames = std::vector<SourcePlace>;

Frames from_sanitizer(std::uintptr_t address) {
  Frames frames;
  std::array<char, 8192> buffer{};
  // The runtime takes what it is given for a return address, and separates inlined frames by NUL.
  __sanitizer_symbolize_pc(reinterpret_cast<void*>(address + 1), "%f\t%s:%l", buffer.data(),
                           buffer.size() - 1);
  for (const char* at = buffer.data(); *at != '\0'; at += std::strlen(at) + 1) {
    const std::string_view line(at);
    const std::size_t tab = line.find('\t');
    std::string place(tab == line.npos ? "" : line.substr(tab + 1));
    if (place.starts_with("<null>") || place.ends_with(":0")) place.clear();
    frames.push_back(source_place(std::string(line.substr(0, tab)), place));
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
    if (size < 0 && errno == EINTR) continue;  // by the ticks of a search, for example
    if (size <= 0) break;
    output.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  if (failed != 0) return "";
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return "";
  }
  return status == 0 ? output : "";
}

// Both llvm-symbolizer and addr2line (with -f -i) answer with pairs of lines, function and place.
// llvm-symbolizer ends each answer with an empty line; addr2line is asked with -a instead, and
// begins each answer with the address.
struct Answers {
  std::vector<Frames> frames;
  std::vector<std::string> variables;

  bool empty() const { return frames.empty() && variables.empty(); }
};

// llvm-symbolizer tells of a variable its name, where it begins and how long it is, and perhaps
// more.
std::string variable_from(const std::vector<std::string>& lines, const Place& place) {
  if (lines.size() < 2 || lines[0].starts_with("??")) return "";
  const std::uintptr_t begin = std::strtoull(lines[1].c_str(), nullptr, 10);
  return begin > place.offset ? "" : with_offset(lines[0], place.offset - begin);
}

Answers from_llvm_symbolizer(const std::string& program, const std::vector<Place>& places,
                             const std::vector<Place>& variables) {
  std::ostringstream input;
  for (const Place& place : places) {
    input << "CODE \"" << place.module << "\" 0x" << std::hex << place.offset << '\n';
  }
  for (const Place& place : variables) {
    input << "DATA \"" << place.module << "\" 0x" << std::hex << place.offset << '\n';
  }
  std::istringstream output(
      output_of({program, "--demangle", "--inlines", "--functions=linkage"}, input.str()));
  Answers answers;
  std::string line;
  std::vector<std::string> lines;
  while (std::getline(output, line)) {
    if (!line.empty()) {
      lines.push_back(line);
      continue;
    }
    if (answers.frames.size() < places.size()) {
      Frames& frames = answers.frames.emplace_back();
      for (std::size_t i = 1; i < lines.size(); i += 2) {
        frames.push_back(source_place(lines[i - 1], lines[i].substr(0, lines[i].rfind(':'))));
      }
    } else if (answers.variables.size() < variables.size()) {
      answers.variables.push_back(variable_from(lines, variables[answers.variables.size()]));
    }
    lines.clear();
  }
  const bool whole =
      answers.frames.size() == places.size() && answers.variables.size() == variables.size();
  return whole ? answers : Answers();
}

// It knows nothing of variables.
Answers from_addr2line(const std::vector<Place>& places) {
  std::map<std::string, std::vector<std::size_t>> by_module;
  for (std::size_t i = 0; i < places.size(); ++i) by_module[places[i].module].push_back(i);
  Answers answers;
  answers.frames.resize(places.size());
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
        answers.frames[indices[next - 1]].push_back(
            source_place(function, place.substr(0, place.find(" (discriminator"))));
      }
    }
  }
  return answers;
}

Answers from_programs(const std::vector<Place>& places, const std::vector<Place>& variables) {
  for (const char* program : {"llvm-symbolizer-19", "llvm-symbolizer"}) {
    Answers answers = from_llvm_symbolizer(program, places, variables);
    if (!answers.empty()) return answers;
  }
  return from_addr2line(places);
}

// Not the tested code: how Weft and the standard library come to call it, and how glibc goes from
// a call with a name to the system call that waits.
bool is_plumbing_text(std::string_view frame) {
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
      "exception_counts.cc", "libc.so",
      "weft::Run::join",     "weft::search",
      "weft::explore::",     "stress/explore/interpose_",
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

std::string to_string(const SourcePlace& place) {
  if (place.file.empty()) return place.function;
  const std::string line = place.line == 0 ? "" : ":" + std::to_string(place.line);
  return place.function + " at " + place.file + line;
}

Symbols symbols_of(const std::vector<std::vector<void*>>& stacks,
                   const std::vector<void*>& variables) {
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
    for (std::uintptr_t address : addresses) answers.frames.push_back(from_sanitizer(address));
  } else if (!addresses.empty() || !variables.empty()) {
    std::vector<Place> places;
    std::vector<Place> of_variables;
    for (std::uintptr_t address : addresses) places.push_back(place_of(address));
    for (void* address : variables) {
      of_variables.push_back(place_of(reinterpret_cast<std::uintptr_t>(address)));
    }
    answers = from_programs(places, of_variables);
  }
  answers.frames.resize(addresses.size());
  answers.variables.resize(variables.size());
  Symbols symbols;
  std::size_t next = 0;
  for (const auto& stack : stacks) {
    Frames& frames = symbols.stacks.emplace_back();
    for (std::size_t i = 0; i < stack.size(); ++i, ++next) {
      Frames& answer = answers.frames[next];
      if (answer.empty() || answer.front().function.starts_with("??")) {
        answer = {{from_dynamic_linker(addresses[next]), "", 0}};
      }
      frames.insert(frames.end(), answer.begin(), answer.end());
    }
  }
  for (std::size_t i = 0; i < variables.size(); ++i) {
    std::string& name = answers.variables[i];
    if (name.empty()) {
      name = variable_from_dynamic_linker(reinterpret_cast<std::uintptr_t>(variables[i]));
    }
  }
  symbols.variables = std::move(answers.variables);
  return symbols;
}

std::vector<std::vector<std::string>> symbolized(const std::vector<std::vector<void*>>& stacks) {
  std::vector<std::vector<std::string>> texts;
  for (const Frames& frames : symbols_of(stacks, {}).stacks) {
    auto& text = texts.emplace_back();
    for (const SourcePlace& frame : frames) text.push_back(to_string(frame));
  }
  return texts;
}

bool is_plumbing(const std::string& frame) { return is_plumbing_text(frame); }

std::vector<std::string> without_plumbing(std::vector<std::string> frames) {
  std::vector<std::string> kept;
  for (std::string& frame : frames) {
    if (!is_plumbing_text(frame)) kept.push_back(std::move(frame));
  }
  return kept.empty() ? frames : kept;
}

}  // namespace weft::internal
