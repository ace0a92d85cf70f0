// Uses whatever compilers emit entry points for: plain and volatile accesses of each size, aligned
// and not, whole objects, virtual functions, atomic operations of each size, fences.
#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>

namespace {

struct [[gnu::packed]] Unaligned {
  char shift;
  std::uint16_t two;
  std::uint32_t four;
  std::uint64_t eight;
};

struct Large {
  std::uint64_t words[40];
};

struct Base {
  virtual ~Base() = default;
  virtual int answer() const = 0;
};
struct Derived : Base {
  int answer() const override { return 42; }
};

Unaligned unaligned;
Large from, to;
volatile std::uint8_t volatile_one;
volatile std::uint16_t volatile_two;
volatile std::uint32_t volatile_four;
volatile std::uint64_t volatile_eight;
volatile Unaligned volatile_unaligned;
__int128 sixteen;

[[gnu::noinline]] void access_plainly(Base* base, std::size_t bytes) {
  unaligned.two += 1;
  unaligned.four += 1;
  unaligned.eight += 1;
  volatile_one = volatile_one + 1;
  volatile_two = volatile_two + 1;
  volatile_four = volatile_four + 1;
  volatile_eight = volatile_eight + 1;
  volatile_unaligned.four = volatile_unaligned.four + 1;
  volatile_unaligned.eight = volatile_unaligned.eight + 1;
  sixteen += base->answer();
  to = from;
  std::memcpy(&to, &from, bytes);
  std::memmove(&to, &from, bytes);
  std::memset(&to, 1, bytes);
  delete base;
}

template <class T>
[[gnu::noinline]] bool access_atomically(T* object) {
  __atomic_store_n(object, 1, __ATOMIC_SEQ_CST);
  T expected = __atomic_load_n(object, __ATOMIC_ACQUIRE);
  __atomic_exchange_n(object, 2, __ATOMIC_ACQ_REL);
  __atomic_fetch_add(object, 3, __ATOMIC_RELAXED);
  __atomic_fetch_sub(object, 3, __ATOMIC_RELEASE);
  __atomic_fetch_and(object, 6, __ATOMIC_SEQ_CST);
  __atomic_fetch_or(object, 8, __ATOMIC_SEQ_CST);
  __atomic_fetch_xor(object, 1, __ATOMIC_SEQ_CST);
  __atomic_fetch_nand(object, 1, __ATOMIC_SEQ_CST);
  __atomic_compare_exchange_n(object, &expected, 5, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
  return __atomic_compare_exchange_n(object, &expected, 6, true, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED);
}

void access_all() {
  access_plainly(new Derived, sizeof to);
  static std::uint8_t one;
  static std::uint16_t two;
  static std::uint32_t four;
  static std::uint64_t eight;
  static std::atomic_flag flag;
  access_atomically(&one);
  access_atomically(&two);
  access_atomically(&four);
  access_atomically(&eight);
#if defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16)
  alignas(16) static unsigned __int128 wide;
  access_atomically(&wide);
#endif
  flag.test_and_set();
  flag.clear();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

}  // namespace

void body(void*) {
  std::thread other(access_all);
  access_all();
  other.join();
}
