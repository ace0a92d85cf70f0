// What it is given: two arguments, lines of standard input, a variable; and nothing of Weft's.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  int sum = 0;
  for (std::string line; std::getline(std::cin, line);) sum += std::stoi(line);
  for (const char* name : {"WEFT_PROGRAM_SEARCH", "WEFT_PROGRAM_JOB", "LD_BIND_NOW"}) {
    if (std::getenv(name) != nullptr) return 7;
  }
  if (argc != 3 || std::strcmp(argv[1], "a b") != 0 || std::strcmp(argv[2], "--seed") != 0)
    return 8;
  if (std::getenv("OF_THE_CALLER") == nullptr) return 9;
  std::cout << "sum " << sum << "\n";
  return sum == 6 ? 0 : 1;
}
