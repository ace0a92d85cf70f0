// main() of a benchmark program: every report has the machine's facts in its context, a reason to
// doubt the figures is said loudly, and files are named relative to where the user stands.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "benchmarks/machine/facts.h"
#include "benchmarks/machine/parked_thread.h"

namespace {

// Under `bazel run` the current folder is one of Bazel's, and --benchmark_out would vanish in it.
void stand_where_the_user_stands() {
  const char* folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (folder != nullptr && chdir(folder) != 0) std::perror(folder);
}

void add_context(const weft::machine::Facts& facts) {
  for (const auto& [key, value] : facts.all) benchmark::AddCustomContext(key, value);
  int number = 0;
  for (const auto& warning : facts.warnings) {
    benchmark::AddCustomContext("warning_" + std::to_string(++number), warning);
    std::fprintf(stderr, "*** DO NOT TRUST THESE FIGURES: %s.\n", warning.c_str());
  }
}

struct Peer {
  const char* name;
  bool present;
};

constexpr Peer kPeers[] = {
#ifdef WEFT_HAVE_ABSEIL
    {"abseil", true},
#else
    {"abseil", false},
#endif
#ifdef WEFT_HAVE_BOOST
    {"boost", true},
#else
    {"boost", false},
#endif
#ifdef WEFT_HAVE_BOOST_CONTEXT
    {"boost_context", true},
#else
    {"boost_context", false},
#endif
#ifdef WEFT_HAVE_EIGEN
    {"eigen", true},
#else
    {"eigen", false},
#endif
#ifdef WEFT_HAVE_MOODYCAMEL
    {"moodycamel", true},
#else
    {"moodycamel", false},
#endif
#ifdef WEFT_HAVE_ONETBB
    {"onetbb", true},
#else
    {"onetbb", false},
#endif
};

// A benchmark of an absent peer is not there at all, which would look like an oversight.
void add_peers() {
  for (const Peer& peer : kPeers) {
    benchmark::AddCustomContext(std::string("peer_") + peer.name,
                                peer.present ? "present" : "absent");
    if (!peer.present) {
      std::fprintf(stderr, "Absent here, so not compared with: %s.\n", peer.name);
    }
  }
}

void say_what_others_took(const weft::machine::Interference& interference) {
  const double share = interference.share();
  if (share > weft::machine::kDisturbed) {
    std::fprintf(stderr,
                 "*** DO NOT TRUST THESE FIGURES: other processes took %.0f %% of the machine's "
                 "processor time meanwhile.\n",
                 100 * share);
  }
}

}  // namespace

int main(int argc, char** argv) {
  stand_where_the_user_stands();
  const weft::machine::ParkedThread parked;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  add_context(weft::machine::gather());
  add_peers();
  const weft::machine::Interference interference;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  say_what_others_took(interference);
  return 0;
}
