// What belongs to a thread and ends with it: pthread keys, and destructors of thread_locals.
//
// Keys made in an execution are the runtime's own and end with it. Of keys made before, a thread
// under test has values of its own; the root's are the real ones, and outlive executions with all
// that they refer to.
#include <limits.h>
#include <pthread.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"
#include "stress/explore/process_end.h"
#include "stress/explore/thread_end.h"

namespace weft::explore {
namespace {

using Destructor = void (*)(void*);

constexpr unsigned kRealKeys = PTHREAD_KEYS_MAX;
constexpr unsigned kFirstKey = 0x10000;

struct Ending {
  Destructor function;
  void* argument;
};
struct Value {
  pthread_key_t key;
  const void* value;
};

struct Key {
  bool deleted;
  Destructor destructor;
};

Destructor real_destructors[kRealKeys];
// As the root has set them under test: what the heap is searched from, for libc's own are not.
const void* root_values[kRealKeys];
Array<Key> keys;  // of this execution
Array<Ending> endings[kMaxThreads];
Array<Value> values[kMaxThreads];

bool is_ours(pthread_key_t key) { return key >= kFirstKey && key - kFirstKey < keys.size(); }

Value* find_value(pthread_key_t key) {
  for (Value& value : values[rt.current->id]) {
    if (value.key == key) return &value;
  }
  return nullptr;
}

Destructor destructor_of(pthread_key_t key) {
  if (key < kRealKeys) return real_destructors[key];
  return is_ours(key) && !keys[key - kFirstKey].deleted ? keys[key - kFirstKey].destructor
                                                        : nullptr;
}

bool run_destructors_once(Array<Value>& of_thread) {
  bool any = false;
  for (uint32_t i = 0; i < of_thread.size(); ++i) {
    const Value value = of_thread[i];
    of_thread[i].value = nullptr;
    const Destructor destructor = destructor_of(value.key);
    if (value.value == nullptr || destructor == nullptr) continue;
    any = true;
    destructor(const_cast<void*>(value.value));
  }
  return any;
}

using AtExit = int(Destructor, void*, void*);

int at_thread_exit(Destructor function, void* argument, void* library) {
  static Real<AtExit> real{"__cxa_thread_atexit_impl"};
  // The root's thread_locals outlive executions, but for a program's.
  if (!controlled() || (rt.current->id == 0 && !is_whole_program())) {
    return real(function, argument, library);
  }
  endings[rt.current->id].push({function, argument});
  return 0;
}

}  // namespace

void destroy_thread_locals() {
  Array<Ending>& own = endings[rt.current->id];
  while (!own.empty()) {
    const Ending ending = own.back();
    own.pop();
    ending.function(ending.argument);
  }
}

void run_thread_end() {
  destroy_thread_locals();
  for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS; ++i) {
    if (!run_destructors_once(values[rt.current->id])) break;
  }
}

void forget_thread_ends() {
  for (unsigned id = 0; id < rt.thread_count; ++id) {
    endings[id].clear();
    values[id].clear();
  }
  keys.clear();
}

}  // namespace weft::explore

using namespace weft::explore;

extern "C" {

int __cxa_thread_atexit_impl(void (*function)(void*), void* argument, void* library) {
  return at_thread_exit(function, argument, library);
}

int __cxa_thread_atexit(void (*function)(void*), void* argument, void* library) {
  return at_thread_exit(function, argument, library);
}

int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  static Real<int(pthread_key_t*, Destructor)> real{"pthread_key_create"};
  if (controlled() && rt.current->static_depth == 0) {
    *key = kFirstKey + keys.size();
    keys.push({false, destructor});
    return 0;
  }
  const int error = real(key, destructor);
  if (error == 0) real_destructors[*key] = destructor;
  return error;
}

int pthread_key_delete(pthread_key_t key) {
  static Real<int(pthread_key_t)> real{"pthread_key_delete"};
  if (!is_ours(key)) return real(key);
  if (keys[key - kFirstKey].deleted) return EINVAL;
  keys[key - kFirstKey].deleted = true;
  return 0;
}

void* pthread_getspecific(pthread_key_t key) {
  static Real<void*(pthread_key_t)> real{"pthread_getspecific"};
  if (!controlled() || (rt.current->id == 0 && key < kRealKeys)) return real(key);
  const Value* value = find_value(key);
  return value == nullptr ? nullptr : const_cast<void*>(value->value);
}

int pthread_setspecific(pthread_key_t key, const void* value) {
  static Real<int(pthread_key_t, const void*)> real{"pthread_setspecific"};
  if (!controlled()) return real(key, value);
  if (rt.current->id == 0 && key < kRealKeys) {
    root_values[key] = value;
    remember_store(address_of(&root_values[key]));
    return real(key, value);
  }
  if (key >= kRealKeys && (!is_ours(key) || keys[key - kFirstKey].deleted)) return EINVAL;
  if (Value* known = find_value(key)) {
    known->value = value;
  } else {
    values[rt.current->id].push({key, value});
  }
  return 0;
}
}
