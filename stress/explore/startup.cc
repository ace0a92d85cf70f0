#include "stress/explore/startup.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>

#include "stress/explore/explore.h"
#include "stress/explore/raw.h"

namespace weft::explore {

Module libstdcxx;
Module libgcc;

namespace {

// What libstdc++ or libc's users may call, and must find here. (Entry points that only compilers
// emit into the tested code are found or the program does not link.)
constexpr const char* kNames[] = {
    "pthread_create",
    "pthread_join",
    "pthread_detach",
    "pthread_exit",
    "pthread_kill",
    "pthread_timedjoin_np",
    "pthread_clockjoin_np",
    "pthread_tryjoin_np",
    "pthread_setname_np",
    "pthread_getname_np",
    "pthread_setaffinity_np",
    "pthread_cancel",
    "pthread_self",
    "gettid",
    "pthread_mutex_init",
    "pthread_mutex_destroy",
    "pthread_mutex_lock",
    "pthread_mutex_trylock",
    "pthread_mutex_timedlock",
    "pthread_mutex_clocklock",
    "pthread_mutex_unlock",
    "pthread_mutex_consistent",
    "pthread_spin_init",
    "pthread_spin_destroy",
    "pthread_spin_lock",
    "pthread_spin_trylock",
    "pthread_spin_unlock",
    "pthread_rwlock_init",
    "pthread_rwlock_destroy",
    "pthread_rwlock_rdlock",
    "pthread_rwlock_wrlock",
    "pthread_rwlock_tryrdlock",
    "pthread_rwlock_trywrlock",
    "pthread_rwlock_timedrdlock",
    "pthread_rwlock_timedwrlock",
    "pthread_rwlock_clockrdlock",
    "pthread_rwlock_clockwrlock",
    "pthread_rwlock_unlock",
    "pthread_cond_init",
    "pthread_cond_destroy",
    "pthread_cond_wait",
    "pthread_cond_timedwait",
    "pthread_cond_clockwait",
    "pthread_cond_signal",
    "pthread_cond_broadcast",
    "sem_init",
    "sem_destroy",
    "sem_wait",
    "sem_timedwait",
    "sem_clockwait",
    "sem_trywait",
    "sem_post",
    "sem_getvalue",
    "pthread_barrier_init",
    "pthread_barrier_destroy",
    "pthread_barrier_wait",
    "pthread_once",
    "pthread_key_create",
    "pthread_key_delete",
    "pthread_getspecific",
    "pthread_setspecific",
    "__cxa_guard_acquire",
    "__cxa_guard_release",
    "__cxa_guard_abort",
    "__cxa_thread_atexit",
    "__cxa_thread_atexit_impl",
    "thrd_create",
    "thrd_join",
    "thrd_detach",
    "thrd_exit",
    "thrd_sleep",
    "thrd_yield",
    "mtx_init",
    "thrd_current",
    "mtx_destroy",
    "mtx_lock",
    "mtx_trylock",
    "mtx_timedlock",
    "mtx_unlock",
    "cnd_init",
    "cnd_destroy",
    "cnd_wait",
    "cnd_timedwait",
    "cnd_signal",
    "cnd_broadcast",
    "tss_create",
    "tss_delete",
    "tss_get",
    "tss_set",
    "call_once",
    "syscall",
    "sched_yield",
    "nanosleep",
    "clock_nanosleep",
    "usleep",
    "sleep",
    "clock_gettime",
    "gettimeofday",
    "time",
    "timespec_get",
    "flockfile",
    "ftrylockfile",
    "funlockfile",
    "malloc",
    "free",
    "calloc",
    "realloc",
    "reallocarray",
    "memalign",
    "aligned_alloc",
    "posix_memalign",
    "valloc",
    "pvalloc",
    "malloc_usable_size",
    "abort",
    "__assert_fail",
    "exit",
    "quick_exit",
    "_exit",
    "_Exit",
    "fork",
    "vfork",
    "execve",
    "posix_spawn",
    "wait",
    "waitpid",
    "pause",
    "select",
    "epoll_wait",
    "read",
    "poll",
    "recv",
    "accept",
    "write",
    "close",
    "send",
    "memcpy",
    "memmove",
    "getrandom",
    "getentropy",
    "memset",
    "memcmp",
    "strlen",
    "strcmp",
    "strncmp",
    "strcpy",
    "strncpy",
    "memchr",
    "strchr",
};

char message[320];

Module libc;
Module program_text;
uintptr_t program = 0;

Module whole_of(const dl_phdr_info& info) {
  Module whole{UINTPTR_MAX, 0};
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const uintptr_t begin = info.dlpi_addr + segment.p_vaddr;
    if (begin < whole.begin) whole.begin = begin;
    if (begin + segment.p_memsz > whole.end) whole.end = begin + segment.p_memsz;
  }
  return whole;
}

int look_at_module(dl_phdr_info* info, size_t, void*) {
  // The program itself comes first; the vdso, too, may have no name.
  if (program_text.end == 0) {
    program = info->dlpi_addr;
    program_text = whole_of(*info);
  }
  if (strstr(info->dlpi_name, "/libc.so") != nullptr) libc = whole_of(*info);
  if (strstr(info->dlpi_name, "/libstdc++.so") != nullptr) libstdcxx = whole_of(*info);
  if (strstr(info->dlpi_name, "/libgcc_s.so") != nullptr) libgcc = whole_of(*info);
  return 0;
}

// The module that an address lies in, by where it was loaded.
const void* module_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) == 0 ? nullptr : info.dli_fbase;
}

// What no library finds, no library can call past the runtime: with -static-libstdc++ nobody asks
// the dynamic linker for __cxa_guard_acquire, and the program itself was linked with the runtime's.
bool is_ours(const char* name) {
  const void* found = dlsym(RTLD_DEFAULT, name);
  return found == nullptr ||
         module_of(found) == module_of(reinterpret_cast<const void*>(check_interposition));
}

}  // namespace

const char* check_interposition() {
  // Without a dynamic linker there is nobody who could resolve a library's calls to the runtime.
  if (getauxval(AT_BASE) == 0) {
    return "this program is linked with -static, so libc's functions cannot be controlled: link it "
           "dynamically (-static-libstdc++ is all right)";
  }
  dl_iterate_phdr(look_at_module, nullptr);
  for (const char* name : kNames) {
    if (is_ours(name)) continue;
    char* at = message;
    const char* const parts[] = {
        "the function ", name,
        " is not the explorer's as libraries see it, so threads would run without control: link "
        "the "
        "runtime whole (-Wl,--whole-archive), and without -fvisibility=hidden, --exclude-libs and "
        "version scripts that hide it"};
    for (const char* part : parts) {
      for (; *part != '\0' && at < message + sizeof message - 1; ++part) *at++ = *part;
    }
    *at = '\0';
    return message;
  }
  return nullptr;
}

bool is_in_libc(uintptr_t caller) { return libc.has(caller); }

// Linked in, it cannot be told from the tested code.
bool is_in_libstdcxx(uintptr_t caller) { return libstdcxx.end == 0 || libstdcxx.has(caller); }

uintptr_t load_address() { return program; }
bool is_in_program(uintptr_t address) { return program_text.has(address); }
uintptr_t load_independent(uintptr_t address) {
  // Libraries are loaded on whole pages.
  constexpr uintptr_t kPage = 4096;
  constexpr uintptr_t kOurs = 0x6d00'0000'0000;
  constexpr uintptr_t kEndOfOurs = 0x7000'0000'0000;
  if (address - kOurs < kEndOfOurs - kOurs) return address;
  return is_in_program(address) ? address - load_address() : address % kPage;
}

unsigned interposable_count() { return sizeof kNames / sizeof *kNames; }
const char* interposed_name(unsigned i) { return kNames[i]; }
unsigned interposed_count() {
  // Of the program, which stays what it is; looking it up takes as long as hundreds of executions.
  static unsigned count = 0;
  if (count == 0) {
    for (const char* name : kNames) count += is_ours(name) ? 1 : 0;
  }
  return count;
}

}  // namespace weft::explore
