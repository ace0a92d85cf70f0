#include "benchmarks/machine/facts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weft::machine {
namespace {

// A machine made of files.
class Machine {
 public:
  explicit Machine(const std::string& name) : root_(testing::TempDir() + "/" + name) {
    std::filesystem::remove_all(root_);
  }
  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = root_ + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

bool warns(const Facts& facts, std::string_view words) {
  for (const std::string& warning : facts.warnings) {
    if (warning.find(words) != warning.npos) return true;
  }
  return false;
}

TEST(Facts, WhatTheKernelSaysIsReported) {
  const Machine machine("said");
  machine.write("/proc/cpuinfo",
                "processor\t: 0\nmodel name\t: Example 3000\n"
                "flags\t\t: fpu hypervisor sse\n\nmodel name\t: the second\n");
  machine.write("/proc/loadavg", "0.01 0.02 0.03 1/123 4567\n");
  machine.write("/sys/devices/system/cpu/smt/active", "1\n");
  machine.write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  machine.write("/sys/fs/cgroup/cpu.max", "150000 100000\n");
  const Facts facts = gather(machine.root());
  EXPECT_EQ(facts.value("cpu"), "Example 3000");
  EXPECT_EQ(facts.value("virtual_machine"), "yes");
  EXPECT_EQ(facts.value("smt"), "on");
  EXPECT_EQ(facts.value("governor"), "performance");
  EXPECT_EQ(facts.value("processor_quota"), "1.5 processors");
  EXPECT_EQ(facts.value("load"), "0.01 0.02 0.03 1/123 4567");
  EXPECT_FALSE(warns(facts, "loaded"));
  EXPECT_FALSE(warns(facts, "governor"));
}

TEST(Facts, WhatCannotBeReadIsUnknown) {
  const Facts facts = gather(Machine("empty").root());
  for (const char* key : {"cpu", "smt", "governor", "load"}) {
    EXPECT_EQ(facts.value(key), "unknown") << key;
  }
  EXPECT_FALSE(facts.value("kernel").empty());
  EXPECT_FALSE(facts.value("compiler").empty());
}

TEST(Facts, ALoadedMachineIsWarnedOf) {
  const Machine machine("loaded");
  machine.write("/proc/loadavg", "4096.00 0.02 0.03 9/123 4567\n");
  EXPECT_TRUE(warns(gather(machine.root()), "loaded"));
}

TEST(Facts, AGovernorThatSavesPowerIsWarnedOf) {
  const Machine machine("saving");
  machine.write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
  EXPECT_TRUE(warns(gather(machine.root()), "powersave"));
}

// The test itself is compiled with assertions.
TEST(Facts, ABuildWithAssertionsIsWarnedOf) {
  const Facts facts = gather(Machine("debug").root());
#ifdef NDEBUG
  EXPECT_EQ(facts.value("build").find("with assertions"), std::string_view::npos);
#else
  EXPECT_TRUE(warns(facts, "no release build"));
#endif
}

TEST(Interference, TimeThatOthersTakeIsCounted) {
  const Machine machine("others");
  machine.write("/proc/stat", "cpu 0 0 0 0 0 0 0 0 0 0\n");
  const Interference interference(machine.root());
  EXPECT_EQ(interference.share(), 0);
  machine.write("/proc/stat", "cpu 100000000 0 0 0 0 0 0 0 0 0\n");
  EXPECT_EQ(interference.share(), 1);
}

TEST(Interference, IdleTimeIsNobodys) {
  const Machine machine("idle");
  machine.write("/proc/stat", "cpu 5 5 5 5 5 5 5 5 0 0\n");
  const Interference interference(machine.root());
  machine.write("/proc/stat", "cpu 5 5 5 100000000 100000000 5 5 5 0 0\n");
  EXPECT_EQ(interference.share(), 0);
}

TEST(Interference, AnUnreadableMachineIsNotCalledQuiet) {
  EXPECT_LT(Interference(Machine("nothing").root()).share(), 0);
}

}  // namespace
}  // namespace weft::machine
