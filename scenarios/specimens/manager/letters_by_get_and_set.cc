// The example itself: `a.value += letter` is two calls, and what comes between them is lost.
#include <string>

#include "primitives/manager/manager.h"
#include "primitives/process/process.h"
#include "scenarios/specimens/judge.h"
#include "scenarios/specimens/manager/manager.h"

namespace weft::scenarios::specimens::manager {
namespace {

constexpr int kLetters = 50;

using Letters = ipc::ManagedValue<std::string>;

void get_and_set(const Letters& a, char letter) { a.set(a.get() + letter); }
void update(const Letters& a, char letter) {
  a.update([](std::string& text, char more) { text += more; }, letter);
}

template <void (*kAppend)(const Letters&, char)>
std::string append() {
  ipc::Manager manager;
  manager.start();
  const auto a = manager.value<std::string>();
  const auto meeting = manager.barrier(2);
  const auto task = [&](char letter) {
    (void)meeting.wait();
    for (int i = 0; i < kLetters; ++i) kAppend(a, letter);
  };
  ipc::Process first(task, 'o'), second(task, 'O');
  first.start();
  second.start();
  first.join();
  second.join();
  return unless_equal("number of letters", a.get().size(), 2 * std::size_t{kLetters});
}

}  // namespace

constinit const Specimen kLettersByGetAndSet{
    .row = "002-3",
    .name = "manager/letters_by_get_and_set",
    .mistake = "two processes append to a manager's string by a get and a set",
    .kind = kind::kAssertion,
    .body = append<get_and_set>,
    .mended = append<update>,
    .starts_processes = true,
};

}  // namespace weft::scenarios::specimens::manager
