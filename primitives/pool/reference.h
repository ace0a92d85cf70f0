// Reference<S>: a counted pointer to a state that counts its references itself.
//
// Thread safety: as a std::shared_ptr: different ones from any thread.
#pragma once

#include <utility>

namespace weft::internal {

template <class S>
class Reference {
 public:
  Reference() = default;
  // Takes over one of the state's references.
  static Reference adopt(S* state) { return Reference(state); }
  static Reference share(S* state) {
    state->add_reference();
    return Reference(state);
  }
  Reference(const Reference& other) : state_(other.state_) {
    if (state_ != nullptr) state_->add_reference();
  }
  Reference(Reference&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Reference& operator=(Reference other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~Reference() {
    if (state_ != nullptr) state_->drop_reference();
  }

  S* get() const { return state_; }
  S* operator->() const { return state_; }
  explicit operator bool() const { return state_ != nullptr; }
  // Gives up the reference without dropping it.
  S* release() { return std::exchange(state_, nullptr); }

 private:
  explicit Reference(S* state) : state_(state) {}

  S* state_ = nullptr;
};

}  // namespace weft::internal
