// faults KIND: does one thing wrong, for the build that must report it.
#include <cassert>
#include <climits>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

namespace {

int shared = 0;

void race() {
  std::thread other([] { shared = 1; });
  shared = 2;
  other.join();
}

// The orders a-b and b-a, one after the other: no deadlock now, but there can be one.
void inversion() {
  std::mutex a;
  std::mutex b;
  std::thread([&] {
    std::lock_guard one(b);
    std::lock_guard two(a);
  }).join();
  std::thread([&] {
    std::lock_guard one(a);
    std::lock_guard two(b);
  }).join();
}

void use_after_free() {
  auto* number = new volatile int(1);
  delete number;
  *number = 2;
}

int* volatile leaked = nullptr;

void leak() {
  leaked = new int(1);
  leaked = nullptr;
}

void overflow() {
  volatile int number = INT_MAX;
  number = number + 1;
}

void assertion() { assert(shared != 0 && "this assertion is meant to fail"); }

void nothing() {
  std::mutex lock;
  std::thread other([&] {
    std::lock_guard guard(lock);
    shared = 1;
  });
  {
    std::lock_guard guard(lock);
    shared = 2;
  }
  other.join();
}

struct Fault {
  const char* name;
  void (*commit)();
};

constexpr Fault kFaults[] = {
    {"race", race},       {"inversion", inversion}, {"use_after_free", use_after_free},
    {"leak", leak},       {"overflow", overflow},   {"assertion", assertion},
    {"nothing", nothing},
};

}  // namespace

int main(int argc, char** argv) {
  for (const Fault& fault : kFaults) {
    if (argc == 2 && std::strcmp(argv[1], fault.name) == 0) {
      fault.commit();
      return 0;
    }
  }
  std::fprintf(stderr, "usage: faults KIND, one of:");
  for (const Fault& fault : kFaults) std::fprintf(stderr, " %s", fault.name);
  std::fprintf(stderr, "\n");
  return 2;
}
