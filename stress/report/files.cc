#include "stress/report/files.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include "stress/report/finding_json.h"
#include "stress/report/page.h"
#include "stress/report/sarif.h"

namespace weft::report {
namespace {

constexpr std::size_t kLongestName = 180;  // file systems take 255 with what comes behind it

// Not given before in this folder.
std::string own_file_name(const std::string& folder, std::string_view name) {
  static std::set<std::string> given;
  const std::string wanted = as_file_name(name);
  std::string file = wanted;
  for (int number = 2; !given.insert(folder + "/" + file).second; ++number) {
    file = wanted + "_" + std::to_string(number);
  }
  return file;
}

// As it can be opened later: Bazel writes into a sandbox, and moves the folder away from there.
std::string lasting_path(const std::string& folder, const std::string& file) {
  constexpr std::string_view kLogs = "/testlogs/";
  const std::size_t logs = folder.rfind(kLogs);
  if (logs == folder.npos) return folder + "/" + file;
  return "bazel-testlogs/" + folder.substr(logs + kLogs.size()) + "/" + file +
         " (or in the outputs.zip there)";
}

void write(const std::string& path, const std::string& content) {
  std::ofstream stream(path, std::ios::binary);
  stream << content;
  stream.close();
  if (!stream) std::fprintf(stderr, "weft: cannot write %s\n", path.c_str());
}

}  // namespace

std::string as_file_name(std::string_view name) {
  constexpr std::string_view kAtHome =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  std::string file(name.substr(0, kLongestName));
  for (char& c : file) {
    if (kAtHome.find(c) == kAtHome.npos) c = '_';
  }
  return file.empty() || file[0] == '.' ? "_" + file : file;
}

void write_files(Report& report, const std::string& folder) {
  const std::string name = own_file_name(folder, report.name);
  const std::string path = folder + "/" + name;
  if (!report.finding.empty()) {
    const Finding finding = finding_from_json(report.finding);
    write(path + ".finding.json", report.finding);
    write(path + ".finding.html", page_of(finding));
    write(path + ".finding.sarif", sarif_of(finding));
    report.page = lasting_path(folder, name + ".finding.html");
  }
  write(path + ".txt", report.text());
}

void write_files(Report& report) {
  const char* folder = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  if (folder != nullptr && *folder != '\0') write_files(report, folder);
}

}  // namespace weft::report
