// The object that all threads of one benchmark run use.
//
// Google Benchmark calls a benchmark once in each thread, and Setup and Teardown around them all;
// so make...() and drop() go there, and get() is for the threads in between.
//
// Thread safety: get() from any thread between make...() and drop(), which come from one.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>

namespace weft::benchmarks {

template <class T>
class Shared {
 public:
  static void make(const benchmark::State&) { object() = std::make_unique<T>(); }
  static void make_for_threads(const benchmark::State& state) {
    object() = std::make_unique<T>(state.threads());
  }
  // The first argument is the size.
  static void make_of_size(const benchmark::State& state) {
    object() = std::make_unique<T>(static_cast<std::size_t>(state.range(0)));
  }
  static void drop(const benchmark::State&) { object().reset(); }
  static T& get() { return *object(); }

 private:
  static std::unique_ptr<T>& object() {
    static std::unique_ptr<T> object;
    return object;
  }
};

}  // namespace weft::benchmarks
