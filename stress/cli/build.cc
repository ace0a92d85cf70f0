#include "stress/cli/build.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

#include "stress/program/channel.h"

extern char** environ;

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

enum class FileKind { kProgram, kC, kCxx, kForLinker };

std::string beginning_of(const std::string& path, std::size_t bytes) {
  std::ifstream file(path, std::ios::binary);
  std::string text(bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(bytes));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

FileKind kind_of(const std::string& path) {
  const std::string extension = fs::path(path).extension();
  if (extension == ".c") return FileKind::kC;
  for (std::string_view each : {".cc", ".cpp", ".cxx", ".c++", ".C"}) {
    if (extension == each) return FileKind::kCxx;
  }
  if (extension == ".o" || extension == ".a") return FileKind::kForLinker;
  if (beginning_of(path, 4) ==
      "\x7f"
      "ELF") {
    return FileKind::kProgram;
  }
  throw BuildError(path + " is neither a program nor a source of C or C++");
}

void refuse_foreign(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.find(WEFT_PROGRAM_MARK) != bytes.npos) return;
  throw BuildError(path +
                   " was not built by this version of weft-cc or weft-c++, so nothing in it can be "
                   "controlled: build it with them (CC=weft-cc CXX=weft-c++), or name its sources");
}

void run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (failed != 0) throw BuildError(words[0] + ": " + std::strerror(failed));
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw BuildError("the program could not be built");
}

}  // namespace

Installation find_installation() {
  const Installation found{fs::read_symlink("/proc/self/exe").parent_path()};
  for (const std::string& file :
       {found.c_compiler(), found.cxx_compiler(), found.search_library()}) {
    if (!fs::exists(file)) {
      throw std::runtime_error(file + " is missing: copy the command with all that lies beside it");
    }
  }
  return found;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = fs::temp_directory_path() / "weft-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary folder can be made: " + name);
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string program_from(const std::vector<std::string>& files,
                         const std::vector<std::string>& compiler_options,
                         const Installation& installation, const std::string& folder) {
  for (const std::string& file : files) {
    if (!fs::is_regular_file(file)) throw BuildError("there is no file " + file);
  }
  std::vector<std::string> linked;
  bool any_cxx = false;
  for (const std::string& file : files) {
    const FileKind kind = kind_of(file);
    if (kind == FileKind::kProgram) {
      if (files.size() > 1) throw BuildError(file + " is a program, so it comes alone");
      refuse_foreign(file);
      return fs::absolute(file);
    }
    if (kind == FileKind::kForLinker) {
      linked.push_back(file);
      continue;
    }
    any_cxx |= kind == FileKind::kCxx;
    const std::string object = folder + "/" + std::to_string(linked.size()) + ".o";
    std::vector<std::string> words = {
        kind == FileKind::kC ? installation.c_compiler() : installation.cxx_compiler(), "-c", file,
        "-o", object};
    // A later one beats it.
    if (kind == FileKind::kCxx) words.push_back("-std=c++20");
    words.insert(words.end(), compiler_options.begin(), compiler_options.end());
    run(words);
    linked.push_back(object);
  }
  // A folder of its own, because it may have any name.
  fs::create_directory(folder + "/program");
  const std::string program = folder + "/program/" + fs::path(files.front()).stem().string();
  std::vector<std::string> words = {any_cxx ? installation.cxx_compiler()
                                            : installation.c_compiler()};
  words.insert(words.end(), linked.begin(), linked.end());
  words.insert(words.end(), compiler_options.begin(), compiler_options.end());
  words.insert(words.end(), {"-o", program});
  run(words);
  return program;
}

}  // namespace weft::cli
