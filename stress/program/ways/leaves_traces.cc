// Leaves traces wherever a program can without the kernel's help to speak of, and fails if it finds
// one of an execution before.
#include <search.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace {

int initialised = 7;
int zero;
char several_pages[20000];
thread_local int of_thread = 3;
std::atomic<int> turns;

void check(bool is_fresh, const char* what) {
  if (is_fresh) return;
  std::fprintf(stderr, "a trace in %s\n", what);
  std::_Exit(1);
}

// Of a stack whose function has not written to it.
[[gnu::noinline]] void check_stack(const char* what) {
  char unwritten[20000];
  char* volatile at = unwritten;
  asm volatile("" : : "r"(at) : "memory");
  for (std::size_t i = 0; i < 8000; ++i) check(at[i] == 0, what);
  std::memset(at, 1, 8000);
  asm volatile("" : : "r"(at) : "memory");
}

void check_heap(std::size_t bytes) {
  char* volatile block = static_cast<char*>(std::malloc(bytes));
  for (std::size_t i = 0; i < bytes; i += 512) check(block[i] == 0, "the heap");
  std::memset(block, 1, bytes);
}

struct OnceOnly {
  OnceOnly() { ++zero; }
};

void check_library() {
  check(hcreate(10) != 0, "a table of libc, of which there is one");
  check(std::getenv("LEFT_BEHIND") == nullptr, "the environment");
  setenv("LEFT_BEHIND", "1", 1);
  static char words[] = "one two";
  check(std::strcmp(std::strtok(words, " "), "one") == 0, "a static");
}

// At a place of its own: it is still there if nobody takes it away.
void check_mapping() {
  void* const wanted = reinterpret_cast<void*>(0x2000'0000'0000);
  void* const got = mmap(wanted, 1 << 16, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  check(got == wanted, "the address space");
  std::memset(got, 1, 1 << 16);
}

void work() {
  check(of_thread == 3, "a thread_local");
  of_thread = 4;
  check_stack("a thread's stack");
  check_heap(100);
  turns.fetch_add(1);
}

}  // namespace

int main(int argc, char** argv) {
  check(initialised == 7 && zero == 0, "a global");
  initialised = 8;
  for (char& each : several_pages) {
    check(each == 0, "a large global");
    each = 1;
  }
  static OnceOnly once;
  check(zero == 1, "a static of a function");
  check(argc == 2 && argv[1][0] == 'a', "the arguments");
  argv[1][0] = 'b';
  check_library();
  check_stack("main's stack");
  check_heap(3 << 20);
  check_mapping();
  int number = 0;
  check(std::scanf("%d", &number) == 1 && number == 42, "the input");
  std::printf("not flushed");
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  return turns == 2 ? 0 : 2;
}
