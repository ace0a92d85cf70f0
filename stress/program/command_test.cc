// The command and the compilers: what they take, what they refuse, how they answer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "stress/program/run_command_for_test.h"
#include "stress/report/json_reader.h"

namespace weft::program {
namespace {

std::string examples() { return folder_of_sources("stress/program/examples"); }

bool says(const Ran& ran, const std::string& text) {
  return ran.output.find(text) != std::string::npos;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == text.npos ? 0 : begin + 1, end - begin);
}

// What stands behind "repeat: " in a report.
std::string replay_in(const std::string& report) {
  const std::string mark = "repeat: ";
  const std::size_t at = report.find(mark);
  if (at == report.npos) return "";
  return report.substr(at + mark.size(), report.find('\n', at) - at - mark.size());
}

TEST(Check, LastLineAndJsonSayTheSame) {
  const std::string folder = new_folder("json");
  const Ran ran = run_command("cd '" + examples() + "' && weft check philosophers.c --json '" +
                              folder + "/out.json' -- 2");
  EXPECT_EQ(ran.code, 10) << ran.output;
  const report::Json json = report::read_json(read_file(folder + "/out.json"));
  EXPECT_EQ(json.at("verdict").text(), "violated");
  EXPECT_EQ(json.at("kind").text(), "deadlock");
  EXPECT_EQ(json.at("exit_code").number(), 10);
  EXPECT_EQ(json.at("arguments").text(), "2");
  EXPECT_EQ(json.at("finding").at("kind").text(), "deadlock");
  EXPECT_EQ(json.at("finding").at("replay").text(), json.at("replay").text());
  const std::string line = last_line(ran.output);
  EXPECT_TRUE(line.starts_with("weft: philosophers.c: violated: deadlock")) << ran.output;
  EXPECT_NE(line.find(json.at("bounds").text()), std::string::npos) << ran.output;
  EXPECT_TRUE(json.at("bounds").text().starts_with("sequentially consistent"));
}

TEST(Check, APageAndSarifTellTheFindingAndAreLeftOutWithoutOne) {
  const std::string folder = new_folder("page");
  const std::string files = " --html '" + folder + "/out.html' --sarif '" + folder + "/out.sarif'";
  const std::string begin = "cd '" + examples() + "' && weft check ";
  const Ran good = run_command(begin + "small.c --executions 3" + files);
  EXPECT_EQ(good.code, 0) << good.output;
  EXPECT_FALSE(std::filesystem::exists(folder + "/out.html"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/out.sarif"));
  const Ran bad = run_command(begin + "philosophers.c" + files + " -- 2");
  EXPECT_EQ(bad.code, 10) << bad.output;
  const std::string page = read_file(folder + "/out.html");
  EXPECT_TRUE(page.starts_with("<!doctype html>")) << page.substr(0, 80);
  EXPECT_NE(page.find("philosophers.c"), std::string::npos);
  const report::Json sarif = report::read_json(read_file(folder + "/out.sarif"));
  EXPECT_EQ(sarif.at("version").text(), "2.1.0");
}

TEST(Check, ReplayLineRepeatsTheFinding) {
  const std::string folder = new_folder("replay");
  const Ran built =
      run_command("cd '" + folder + "' && weft-cc '" + examples() + "/bounded_buffer.c' -o buffer");
  ASSERT_EQ(built.code, 0) << built.output;
  const Ran found = run_command("cd '" + folder + "' && weft check buffer");
  ASSERT_EQ(found.code, 10) << found.output;
  const std::string line = replay_in(found.output);
  ASSERT_NE(line.find("--replay w"), std::string::npos) << found.output;
  const Ran again = run_command("cd '" + folder + "' && " + line);
  EXPECT_EQ(again.code, 10) << again.output;
  // The table is the same, line by line.
  const auto table_of = [](const std::string& text) {
    return text.substr(text.find("    | main"), text.find("weft: ") - text.find("    | main"));
  };
  EXPECT_EQ(table_of(again.output), table_of(found.output));
}

// Who calls it by a path need not have it on the PATH, in which the line is pasted.
TEST(Check, ReplayLineCallsTheCommandAsItWasCalled) {
  const std::string begin = "cd '" + examples() + "' && ";
  const std::string path = run_command("command -v weft").output;
  const std::string weft = path.substr(0, path.find('\n'));
  ASSERT_TRUE(weft.starts_with("/")) << path;
  const Ran found = run_command(begin + "'" + weft + "' check philosophers.c -- 2");
  ASSERT_EQ(found.code, 10) << found.output;
  const std::string line = replay_in(found.output);
  EXPECT_TRUE(line.starts_with(weft + " check philosophers.c --replay w")) << line;
  const Ran again = run_command(begin + "PATH=/usr/bin:/bin; " + line);
  EXPECT_EQ(again.code, 10) << again.output;
}

TEST(Check, ReplayLineHasTheOptionsOfTheEnvironment) {
  const std::string begin = "cd '" + examples() + "' && ";
  const Ran found =
      run_command(begin + "WEFT_PLAIN_POINTS=1 weft check ticket_sale.c --strategy random_walk");
  ASSERT_EQ(found.code, 10) << found.output;
  const std::string line = replay_in(found.output);
  EXPECT_TRUE(line.starts_with("WEFT_PLAIN_POINTS=1 weft check ticket_sale.c")) << line;
  const Ran again = run_command(begin + line);
  EXPECT_EQ(again.code, 10) << again.output;
}

TEST(Check, SaysHowMuchSimplerAScheduleIsThanFound) {
  const Ran ran = run_command("cd '" + examples() +
                              "' && weft check account.cc --strategy random_walk"
                              " --weft_minimise=5");
  EXPECT_EQ(ran.code, 10) << ran.output;
  EXPECT_TRUE(says(ran, "  simplified: ")) << ran.output;
  EXPECT_TRUE(says(ran, "; as found: ")) << ran.output;
}

TEST(Check, StaleScheduleIsNoVerdict) {
  const std::string folder = new_folder("stale");
  const Ran found = run_command("cd '" + examples() + "' && weft check philosophers.c -- 2");
  ASSERT_EQ(found.code, 10) << found.output;
  std::string line = replay_in(found.output);
  line.replace(line.rfind("-- 2"), 4, "-- 3");
  const Ran stale = run_command("cd '" + examples() + "' && " + line);
  EXPECT_EQ(stale.code, 12) << stale.output;
  EXPECT_TRUE(says(stale, "not from this program")) << stale.output;
}

TEST(Check, UndecidedFailsOnlyIfStrict) {
  const std::string words =
      "cd '" + examples() + "' && weft check pipeline.cc --executions 3 --strategy random_walk ";
  const Ran lenient = run_command(words);
  EXPECT_EQ(lenient.code, 0) << lenient.output;
  EXPECT_TRUE(last_line(lenient.output).starts_with("weft: pipeline.cc: undecided"))
      << lenient.output;
  EXPECT_EQ(run_command(words + "--strict").code, 11);
}

TEST(Check, SeveralProcessesSearchTogether) {
  const std::string words =
      "cd '" + examples() +
      "' && weft check pipeline.cc --executions 5 --strategy random_walk --jobs 3";
  const Ran ran = run_command(words);
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_TRUE(says(ran, "undecided (15 executions, ")) << ran.output;
  const Ran found = run_command("cd '" + examples() + "' && weft check job_server.cc --jobs 2");
  EXPECT_EQ(found.code, 10) << found.output;
}

TEST(Check, NumberOfProcessesIsGivenAsToATest) {
  const std::string words = "weft check small.c --executions 5 --strategy random_walk";
  for (const std::string& command : {words + " --weft_workers=3", "WEFT_WORKERS=3 " + words}) {
    const Ran ran = run_command("cd '" + examples() + "' && " + command);
    EXPECT_EQ(ran.code, 0) << command << "\n" << ran.output;
    EXPECT_TRUE(says(ran, "undecided (15 executions, ")) << command << "\n" << ran.output;
  }
}

TEST(Check, CampaignIsRefused) {
  const std::string folder = new_folder("campaign");
  const std::string begin = "cd '" + examples() + "' && ";
  for (const std::string& command : {"weft check small.c --weft_campaign='" + folder + "'",
                                     "WEFT_CAMPAIGN='" + folder + "' weft check small.c"}) {
    const Ran ran = run_command(begin + command + " --executions 3");
    EXPECT_EQ(ran.code, 2) << ran.output;
    EXPECT_TRUE(says(ran, "of a whole program no state is kept")) << ran.output;
    EXPECT_TRUE(std::filesystem::is_empty(folder));
  }
}

TEST(Check, TheSameSeedIsTheSameSearch) {
  const std::string folder = new_folder("seeds");
  const Ran built = run_command("cd '" + folder + "' && weft-c++ -std=c++20 '" + examples() +
                                "/account.cc' -o account");
  ASSERT_EQ(built.code, 0) << built.output;
  const auto searched = [&](const std::string& options) {
    const Ran ran = run_command("cd '" + folder +
                                "' && weft check account --json out.json --strategy random_walk"
                                " --weft_minimise=0 " +
                                options);
    EXPECT_EQ(ran.code, 10) << ran.output;
    return report::read_json(read_file(folder + "/out.json")).at("schedule").text();
  };
  const std::string first = searched("--seed 7");
  EXPECT_EQ(searched("--seed=7"), first);
  const std::set<std::string> searches = {first, searched("--seed 8"), searched("--seed 9")};
  EXPECT_EQ(searches.size(), 3u);
}

TEST(Check, EndsWhenItsSecondsAreOver) {
  const std::string folder = new_folder("seconds");
  const Ran ran = run_command("cd '" + examples() +
                              "' && weft check pipeline.cc --strategy random_walk --seconds 1"
                              " --executions 1000000000 --json '" +
                              folder + "/out.json'");
  EXPECT_EQ(ran.code, 0) << ran.output;
  const double seconds = report::read_json(read_file(folder + "/out.json")).at("seconds").number();
  EXPECT_GE(seconds, 0.9);
  EXPECT_LT(seconds, 8) << "on a busy machine a little more";
}

// Its name is that of no file that the command makes for itself.
TEST(Check, AnyNameOfASourceWillDo) {
  const std::string folder = new_folder("names");
  for (const char* name : {"stdin", "0", "0.o", "0.job", "0.result"}) {
    std::ofstream(folder + "/" + name + ".c") << "#include <stdio.h>\n"
                                                 "int main(void) { return getchar() != 'x'; }\n";
    const Ran ran = run_command("cd '" + folder + "' && weft check '" + name + ".c'", "x is read");
    EXPECT_EQ(ran.code, 0) << name << "\n" << ran.output;
    EXPECT_TRUE(says(ran, std::string(name) + ".c: holds")) << ran.output;
  }
}

TEST(Check, SourcesOfBothLanguagesAreLinkedTogether) {
  const std::string folder = new_folder("two");
  std::ofstream(folder + "/one.c") << "int one(void) { return 1; }\n";
  std::ofstream(folder + "/main.cc") << "extern \"C\" int one(void);\n"
                                        "int main() { return one() == 1 ? 0 : 1; }\n";
  const Ran ran = run_command("cd '" + folder + "' && weft check one.c main.cc");
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_TRUE(says(ran, "weft: one.c: holds")) << ran.output;
}

TEST(Check, UsageErrorsSayWhatIsWrong) {
  const struct {
    const char* words;
    const char* says;
  } cases[] = {
      {"", "what is to be done?"},
      {"chekc", "there is no command 'chekc'"},
      {"check", "wants a program"},
      {"check nowhere.c", "there is no file nowhere.c"},
      {"check --jobs 0 a.c", "--jobs wants a number from 1"},
      {"check --seconds soon a.c", "--seconds wants a number"},
      {"check --fast a.c", "there is no option --fast"},
      {"check /bin/true", "was not built by this version of weft-cc"},
      {"check /etc/passwd", "neither a program nor a source"},
  };
  for (const auto& each : cases) {
    const Ran ran = run_command(std::string("weft ") + each.words);
    EXPECT_EQ(ran.code, 2) << each.words << "\n" << ran.output;
    EXPECT_TRUE(says(ran, each.says)) << each.words << "\n" << ran.output;
  }
}

TEST(Check, BadStrategyIsNoVerdict) {
  const Ran ran =
      run_command("cd '" + examples() + "' && weft check ticket_sale.c --strategy guess");
  EXPECT_EQ(ran.code, 12) << ran.output;
  EXPECT_TRUE(says(ran, "there is no such strategy")) << ran.output;
}

TEST(Help, IsThere) {
  for (const char* words : {"weft --help", "weft check --help"}) {
    const Ran ran = run_command(words);
    EXPECT_EQ(ran.code, 0);
    EXPECT_TRUE(says(ran, "weft check FILE")) << ran.output;
  }
}

TEST(Compilers, MakefileBuildsWithThem) {
  const std::string folder = new_folder("make");
  std::ofstream(folder + "/Makefile") << "sale: sale.o\n"
                                         "\t$(CC) $(LDFLAGS) sale.o -o sale $(LDLIBS)\n"
                                         "sale.o: sale.c\n"
                                         "\t$(CC) $(CFLAGS) -c sale.c -o sale.o\n";
  const Ran ran = run_command(
      "cd '" + folder + "' && cp '" + examples() +
      "/ticket_sale.c' sale.c && make CC=weft-cc CFLAGS=-O2 && ./sale; weft check sale");
  EXPECT_EQ(ran.code, 10) << ran.output;
  // On its own it is the program that it is without Weft.
  EXPECT_TRUE(says(ran, "0 left") || says(ran, "-1 left")) << ran.output;
}

TEST(Compilers, SharedLibrariesAreInstrumentedToo) {
  const std::string folder = new_folder("shared");
  std::ofstream(folder + "/bump.c")
      << "#include <stdatomic.h>\natomic_int n;\n"
         "void bump(void) { atomic_store(&n, atomic_load(&n) + 1); }\n"
         "int got(void) { return atomic_load(&n); }\n";
  std::ofstream(folder + "/main.c")
      << "#include <pthread.h>\nvoid bump(void); int got(void);\n"
         "static void *f(void *a) { bump(); return a; }\n"
         "int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); bump(); pthread_join(t, 0);\n"
         "  return got() == 2 ? 0 : 1; }\n";
  const Ran ran = run_command("cd '" + folder +
                              "' && weft-cc -fPIC -shared bump.c -o libbump.so && weft-cc main.c "
                              "-L. -lbump -Wl,-rpath,\"$PWD\" -o main && weft check main");
  EXPECT_EQ(ran.code, 10) << ran.output;
  EXPECT_TRUE(says(ran, "exit code 1")) << ran.output;
  EXPECT_FALSE(says(ran, "not the accesses of")) << ran.output;
}

TEST(Compilers, ConflictingOptionsAreRefusedWithAWayOut) {
  const struct {
    const char* option;
    const char* says;
  } cases[] = {
      {"-static", "leave it out (-static-libstdc++"},
      {"-static-pie", "leave it out (-static-libstdc++"},
      {"-fsanitize=address", "build another program with it"},
      {"-fno-sanitize=thread", "leave it out"},
  };
  for (const auto& each : cases) {
    const Ran ran = run_command(std::string("weft-c++ a.cc ") + each.option);
    EXPECT_EQ(ran.code, 1) << ran.output;
    EXPECT_TRUE(says(ran, each.says)) << ran.output;
  }
}

TEST(Compilers, AnswerQuestionsAsClangDoes) {
  const Ran ran = run_command("weft-cc --version");
  EXPECT_EQ(ran.code, 0);
  EXPECT_TRUE(says(ran, "clang version")) << ran.output;
}

}  // namespace
}  // namespace weft::program
