#include "stress/report/sources.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "stress/report/utf8.h"

namespace weft::report {
namespace {

constexpr std::size_t kMostBytes = 200;  // of a line

// Ends with a slash; empty if this program does not lie in an execution root.
std::string execution_root() {
  char self[4096];
  const ssize_t size = readlink("/proc/self/exe", self, sizeof self);
  if (size <= 0) return "";
  const std::string path(self, static_cast<std::size_t>(size));
  constexpr std::string_view kFolder = "/execroot/";
  const std::size_t at = path.find(kFolder);
  if (at == path.npos) return "";
  const std::size_t workspace = path.find('/', at + kFolder.size());
  return workspace == path.npos ? "" : path.substr(0, workspace + 1);
}

std::vector<std::string> roots() {
  std::vector<std::string> all = {""};
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace != nullptr && *workspace != '\0') all.push_back(std::string(workspace) + "/");
  if (std::string root = execution_root(); !root.empty()) all.push_back(std::move(root));
  return all;
}

std::string trimmed(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r\f\v";
  const std::size_t begin = line.find_first_not_of(kSpace);
  if (begin == line.npos) return "";
  line = line.substr(begin, line.find_last_not_of(kSpace) + 1 - begin);
  std::size_t end = std::min(line.size(), kMostBytes);
  while (end < line.size() && (line[end] & 0xC0) == 0x80) --end;  // not inside a character
  std::string text(line.substr(0, end));
  for (char& c : text) {
    if (c == '\t') c = ' ';
  }
  return valid_utf8(text);
}

// Of one file the wanted lines, by their numbers; all stay empty if it is not there.
void read_lines(const std::string& file, std::map<unsigned, std::string>& wanted) {
  static const std::vector<std::string> folders = roots();
  std::ifstream stream;
  for (const std::string& folder : folders) {
    if (file.starts_with('/') && !folder.empty()) continue;
    stream.open(folder + file);
    if (stream.is_open()) break;
  }
  std::string line;
  unsigned number = 0;
  for (auto next = wanted.begin(); next != wanted.end() && std::getline(stream, line);) {
    if (++number != next->first) continue;
    next->second = trimmed(line);
    ++next;
  }
}

bool is_wanted(const Frame& frame) {
  const bool is_project = frame.role == Role::kTested || frame.role == Role::kPrimitive;
  return is_project && !frame.file.empty() && frame.line != 0;
}

}  // namespace

void put_sources(Finding& finding) {
  std::map<std::string, std::map<unsigned, std::string>> files;
  for (const Frame& frame : finding.frames) {
    if (is_wanted(frame)) files[frame.file][frame.line];
  }
  for (auto& [file, lines] : files) read_lines(file, lines);
  for (Frame& frame : finding.frames) {
    if (is_wanted(frame)) frame.source = files[frame.file][frame.line];
  }
}

}  // namespace weft::report
