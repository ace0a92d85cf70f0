#include "stress/run/perturb.h"

#include <sched.h>
#include <time.h>

#include <array>
#include <atomic>

#include "stress/run/futex.h"
#include "stress/run/options.h"
#include "stress/run/threads.h"

namespace weft::internal {
namespace {

// relaxed throughout: hooks order no tested threads, see threads.h.
constexpr auto kRelaxed = std::memory_order_relaxed;

constexpr unsigned kFirstForeignIndex = 1000;
constexpr std::uint64_t kDecisionsPurpose = 1;
constexpr std::uint64_t kNumbersPurpose = 2;
constexpr std::uint64_t kPinPurpose = 3;

struct PublishedPlan {
  std::atomic<std::uint64_t> id{0};  // 0: none is running
  std::atomic<std::uint64_t> seed{0};
  std::atomic<unsigned> mode{0};
  std::atomic<unsigned> next_foreign{0};
};
PublishedPlan plan;
std::atomic<std::uint64_t> plans_made{0};

}  // namespace

Step next_step(unsigned mode, Random& random) {
  switch (mode) {
    case kYield:
      return random.chance(1, 2) ? Step{Step::kYield, 0} : Step{};
    case kPin:
      return random.chance(1, 4) ? Step{Step::kYield, 0} : Step{};
    case kSleep: {
      // Seldom, because each costs 50 us and more of the budget; long-tailed, because a bug's
      // window may be as long as another thread's whole operation.
      if (!random.chance(1, 6)) return {};
      const std::uint64_t longest = std::uint64_t{1} << random.below(8);
      return {Step::kSleep, static_cast<unsigned>(1 + random.below(longest * 3 / 2 + 8))};
    }
    case kSpin:
      if (!random.chance(1, 3)) return {};
      return {Step::kSpin,
              static_cast<unsigned>(random.below(std::uint64_t{1} << random.below(12)))};
    default:
      return {};
  }
}

void perform(const Step& step) {
  switch (step.action) {
    case Step::kNothing:
      break;
    case Step::kYield:
      sched_yield();
      break;
    case Step::kSleep: {
      const timespec length{0, static_cast<long>(step.amount) * 1000};
      clock_nanosleep(CLOCK_MONOTONIC, 0, &length, nullptr);
      break;
    }
    case Step::kSpin:
      for (unsigned i = 0; i < step.amount; ++i) relax_core();
      break;
  }
}

unsigned mode_of(std::uint64_t seed, unsigned allowed) {
  constexpr std::array<unsigned, 4> kDelaying{kYield, kSleep, kSpin, kPin};
  std::array<unsigned, 4> choices{};
  unsigned count = 0;
  for (unsigned mode : kDelaying) {
    if ((allowed & mode) != 0) choices[count++] = mode;
  }
  if (count == 0) return kPlain;
  if ((allowed & kPlain) != 0 && (seed & 1) == 0) return kPlain;
  return choices[(seed >> 1) % count];
}

std::string_view mode_name(unsigned mode) {
  switch (mode) {
    case kYield:
      return "yield";
    case kSleep:
      return "sleep";
    case kSpin:
      return "spin";
    case kPin:
      return "pin";
    default:
      return "plain";
  }
}

void publish_plan(std::uint64_t seed, unsigned mode) {
  plan.seed.store(seed, kRelaxed);
  plan.mode.store(mode, kRelaxed);
  plan.next_foreign.store(kFirstForeignIndex, kRelaxed);
  plan.id.store(plans_made.fetch_add(1, kRelaxed) + 1, kRelaxed);
}

void withdraw_plan() { plan.id.store(0, kRelaxed); }

void adopt_plan(unsigned index) {
  ThreadLocalState& local = this_thread();
  const std::uint64_t seed = plan.seed.load(kRelaxed);
  local.execution_id = plan.id.load(kRelaxed);
  local.index = index;
  local.mode = plan.mode.load(kRelaxed);
  local.decisions = Random(seed_of({seed, index, kDecisionsPurpose}));
  local.numbers = Random(seed_of({seed, index, kNumbersPurpose}));
}

void adopt_plan_if_new() {
  const std::uint64_t id = plan.id.load(kRelaxed);
  ThreadLocalState& local = this_thread();
  if (id == local.execution_id) return;
  if (id == 0) {
    local.execution_id = 0;
    local.mode = kPlain;
    return;
  }
  adopt_plan(plan.next_foreign.fetch_add(1, kRelaxed));
}

void perturb_this_thread() {
  adopt_plan_if_new();
  ThreadLocalState& local = this_thread();
  if (local.execution_id == 0 || local.mode == kPlain) return;
  perform(next_step(local.mode, local.decisions));
}

struct Pinned::Mask {
  cpu_set_t set;
};

Pinned::Pinned(std::uint64_t seed, bool enabled) {
  if (!enabled) return;
  cpu_set_t before;
  if (sched_getaffinity(0, sizeof before, &before) != 0) return;
  std::array<int, CPU_SETSIZE> cores{};
  int count = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &before)) cores[count++] = core;
  }
  if (count < 2) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cores[Random(seed_of({seed, kPinPurpose})).below(count)], &one);
  if (sched_setaffinity(0, sizeof one, &one) == 0) before_ = new Mask{before};
}

Pinned::~Pinned() {
  if (before_ == nullptr) return;
  sched_setaffinity(0, sizeof before_->set, &before_->set);
  delete before_;
}

}  // namespace weft::internal
