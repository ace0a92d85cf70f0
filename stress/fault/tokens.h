// Tokens that are given and taken under a condition: what a dead one has given is there or not, and
// whoever waits gets one, whoever died with the lock.
//
// Thread safety: from any process at once.
// Invariant:     with the lock held, tokens + taken is what was given, unless somebody died inside
//                take().
#pragma once

#include "primitives/ipc/condition.h"
#include "primitives/ipc/value.h"

namespace weft::fault {

// Takes the lock, whoever died with it.
inline void acquire_anyhow(ipc::Condition& condition) {
  for (;;) {
    try {
      condition.acquire();
      return;
    } catch (const ipc::OwnerDiedError&) {
      if (condition.recover()) return;
    }
  }
}

struct Tokens {
  ipc::Condition condition;
  ipc::RawValue<int> tokens;  // the condition's lock guards both
  ipc::RawValue<int> taken;

  int take() {
    for (;;) {
      acquire_anyhow(condition);
      try {
        condition.wait([this] { return tokens.load() > 0; });
      } catch (const ipc::OwnerDiedError&) {
        continue;
      }
      taken.fetch_add(1);
      tokens.fetch_sub(1);
      condition.release();
      return 0;
    }
  }
  void give() {
    acquire_anyhow(condition);
    tokens.fetch_add(1);
    condition.notify();
    condition.release();
  }
};

}  // namespace weft::fault
