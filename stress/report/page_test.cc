// The page of findings that are made by hand: what it shows, and that texts stay texts.
#include "stress/report/page.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "stress/report/timeline.h"
#include "stress/report/utf8.h"

namespace weft::report {
namespace {

enum : unsigned { kBody, kLeft, kRight };  // threads
enum : unsigned { kAlice, kBob };          // objects
enum : unsigned { kStart, kFirst, kSecond, kInside };

Step step_of(unsigned thread, const std::string& operation, std::optional<unsigned> object,
             unsigned frame) {
  Step step;
  step.thread = thread;
  step.operation = operation;
  step.object = object;
  step.stack = {kInside, frame};
  step.place = 1;
  return step;
}

// Two threads, each of which holds one lock and waits for the other's.
Finding deadlock() {
  Finding finding;
  finding.kind = "deadlock";
  finding.sentence = "a cycle of locks: left waits for mutex bob held by right";
  finding.test = "Bank.TransfersEnd";
  finding.verdict = "violated";
  finding.strategy = "exhaustive";
  finding.replay = "bazel test //bank:bank_test_explore --test_env=WEFT_SCHEDULE=w1-1-2-3";
  finding.bounds = "sequentially consistent";
  finding.events = {"the first event"};
  finding.frames = {{"body()", "bank/bank_test.cc", 10, Role::kTested, "run.thread(left);"},
                    {"transfer()", "bank/bank.cc", 20, Role::kTested, "from.lock();"},
                    {"transfer()", "bank/bank.cc", 21, Role::kTested, "to.lock();"},
                    {"std::mutex::lock()", "/usr/include/c++/12/mutex", 100, Role::kLibrary}};
  finding.objects = {{"alice", "mutex", Naming::kGiven, "heap"},
                     {"bob", "mutex", Naming::kSymbol, "global"}};
  for (const char* name : {"body", "left", "right"}) finding.threads.emplace_back().name = name;
  Step start_left = step_of(kBody, "start", std::nullopt, kStart);
  start_left.other = kLeft;
  Step start_right = start_left;
  start_right.other = kRight;
  Step join = step_of(kBody, "join", std::nullopt, kStart);
  join.other = kLeft;
  join.blocked = true;
  Step right = step_of(kRight, "lock", kBob, kFirst);
  right.switched = right.preempted = true;
  Step waits = step_of(kRight, "lock", kAlice, kSecond);
  waits.blocked = true;
  waits.other = kLeft;
  Step ends = step_of(kLeft, "lock", kBob, kSecond);
  ends.blocked = ends.switched = true;
  ends.other = kRight;
  finding.steps = {start_left, start_right, join, step_of(kLeft, "lock", kAlice, kFirst),
                   right,      waits,       ends};
  finding.threads[kBody].state = ThreadState::kWaits;
  finding.threads[kBody].waits_for = "the end of left";
  finding.threads[kBody].holder = kLeft;
  for (unsigned id : {kLeft, kRight}) {
    Thread& thread = finding.threads[id];
    thread.state = ThreadState::kWaits;
    thread.waits_for = id == kLeft ? "mutex bob held by right" : "mutex 'alice' held by left";
    thread.object = id == kLeft ? kBob : kAlice;
    thread.holder = id == kLeft ? kRight : kLeft;
    thread.stack = {kInside, kSecond};
  }
  return finding;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size()) ++found;
  return found;
}

bool has(const std::string& text, const std::string& part) { return count(text, part) > 0; }

// --- The timeline ----------------------------------------------------------------

TEST(Timeline, TellsWhoHoldsWhatFromWhereToWhere) {
  const std::vector<Moment> moments = timeline_of(deadlock());
  ASSERT_EQ(moments.size(), 7u);
  EXPECT_TRUE(moments[2].holds.empty());
  EXPECT_EQ(moments[3].holds, (std::vector<Hold>{{kLeft, kAlice, false, true}}));
  EXPECT_EQ(moments[4].holds,
            (std::vector<Hold>{{kLeft, kAlice, true, true}, {kRight, kBob, false, true}}));
}

TEST(Timeline, ALockIsHeldUntilItsLastRelease) {
  Finding finding = deadlock();
  finding.steps = {
      step_of(kLeft, "acquired", kAlice, kFirst),     step_of(kLeft, "acquired", kAlice, kSecond),
      step_of(kLeft, "yield", std::nullopt, kFirst),  step_of(kLeft, "released", kAlice, kFirst),
      step_of(kLeft, "yield", std::nullopt, kSecond), step_of(kLeft, "released", kAlice, kFirst),
      step_of(kLeft, "yield", std::nullopt, kStart)};
  for (Thread& thread : finding.threads) thread.state = ThreadState::kEnded;
  std::vector<std::vector<Hold>> holds;
  for (const Moment& moment : timeline_of(finding)) holds.push_back(moment.holds);
  EXPECT_EQ(holds, (std::vector<std::vector<Hold>>{{{kLeft, kAlice, false, true}},
                                                   {{kLeft, kAlice, true, true}},
                                                   {{kLeft, kAlice, true, false}}}));
}

TEST(Timeline, AWaitGivesTheMutexUpAndTakesItBack) {
  Finding finding = deadlock();
  Step wait = step_of(kLeft, "wait", kBob, kFirst);
  wait.second = kAlice;
  finding.steps = {step_of(kLeft, "lock", kAlice, kFirst), wait,
                   step_of(kLeft, "relock", kAlice, kFirst),
                   step_of(kLeft, "unlock", kAlice, kFirst)};
  for (Thread& thread : finding.threads) thread.state = ThreadState::kEnded;
  std::vector<std::vector<Hold>> holds;
  for (const Moment& moment : timeline_of(finding)) holds.push_back(moment.holds);
  EXPECT_EQ(holds, (std::vector<std::vector<Hold>>{{{kLeft, kAlice, false, true}},
                                                   {{kLeft, kAlice, true, false}},
                                                   {{kLeft, kAlice, false, true}},
                                                   {{kLeft, kAlice, true, false}}}));
}

TEST(Timeline, TellsWhoWokeWhom) {
  Finding finding = deadlock();
  finding.threads[kRight].state = ThreadState::kEnded;
  finding.steps[4] = step_of(kLeft, "unlock", kAlice, kFirst);
  finding.steps[5] = step_of(kLeft, "unlock", kBob, kFirst);
  finding.steps[3] = step_of(kRight, "lock", kAlice, kSecond);
  finding.steps[3].blocked = true;
  finding.steps[6] = step_of(kRight, "lock", kAlice, kSecond);
  const std::vector<Moment> moments = timeline_of(finding);
  ASSERT_GE(moments.size(), 7u);
  EXPECT_EQ(moments[3].lives, (std::vector<Life>{Life::kWaits, Life::kRuns, Life::kWaits}));
  EXPECT_EQ(moments[6].woken_by, 4u) << "not by the unlock of another mutex";
  EXPECT_EQ(moments[6].lives[kRight], Life::kEnded);
  EXPECT_EQ(moments[0].lives, (std::vector<Life>{Life::kRuns, Life::kRuns, Life::kNotYet}));
}

TEST(Timeline, HasEachStepOnce) {
  Finding finding = deadlock();
  for (int i = 0; i < 50; ++i) {
    finding.steps.push_back(step_of(kBody, "waiting", kAlice, kFirst));  // no row shows it alone
    finding.steps.push_back(step_of(kBody, "yield", std::nullopt, kFirst));
  }
  std::size_t next = 0;
  for (const Moment& moment : timeline_of(finding)) {
    EXPECT_EQ(moment.begin, next);
    next = moment.end;
  }
  EXPECT_EQ(next, finding.steps.size());
}

// --- The page --------------------------------------------------------------------

TEST(Page, ShowsWhatTheFindingSays) {
  const Finding finding = deadlock();
  const std::string page = page_of(finding);
  for (const std::string& text :
       {finding.sentence, finding.test, finding.replay, finding.bounds, finding.strategy,
        finding.events[0], std::string("<p class=\"kind\">deadlock</p>"),
        std::string("bank/bank.cc:21"), std::string("to.lock();"),
        std::string("mutex bob held by right")}) {
    EXPECT_TRUE(has(page, text)) << text;
  }
  EXPECT_TRUE(has(page, "A cycle: "));
  EXPECT_TRUE(has(page, "waits, held by &#39;right&#39;"));
}

TEST(Page, ShowsEachStepOnceInTheLaneOfItsThread) {
  const Finding finding = deadlock();
  const std::string page = page_of(finding);
  for (std::size_t i = 0; i < finding.steps.size(); ++i) {
    EXPECT_EQ(count(page, "id=\"s" + std::to_string(i) + "\""), 1u) << "step " << i;
  }
  // A row has a lane for each thread; one of them is the row's own.
  EXPECT_EQ(count(page, "<td class=\"lane "), finding.steps.size() * 3);
  EXPECT_EQ(count(page, " own"), finding.steps.size() + count(page, "lane own"));
  EXPECT_EQ(count(page, "data-thread=\"left\""), 2u);
  EXPECT_EQ(count(page, "data-thread=\"right\""), 2u);
}

TEST(Page, MarksSwitchesAndHeldLocks) {
  const std::string page = page_of(deadlock());
  EXPECT_EQ(count(page, "<tr id=\"s4\" class=\"preempts\">"), 1u);
  EXPECT_EQ(count(page, "class=\"chip pre\">preempted<"), 1u);
  EXPECT_TRUE(has(page, " turn-out-right"));
  EXPECT_TRUE(has(page, " turn-in-left"));
  // alice from step 3 on, bob from step 4 on, both to the end.
  EXPECT_EQ(count(page, "title=\"left holds &#39;alice&#39;\""), 4u);
  EXPECT_EQ(count(page, "title=\"right holds bob\""), 3u);
}

TEST(Page, OfAFoldedCallListsItsSteps) {
  Finding finding = deadlock();
  finding.frames.push_back({"weft::Lock::lock()", "primitives/lock.h", 5, Role::kPrimitive});
  for (int i = 0; i < 3; ++i) {
    finding.steps.push_back(step_of(kBody, "load", kAlice, kFirst));
    finding.steps.back().stack = {4, kFirst};
  }
  const std::string page = page_of(finding);
  EXPECT_TRUE(has(page, "Lock::lock &#39;alice&#39; (3 steps)")) << page;
  for (std::size_t i = 7; i < 10; ++i) {
    EXPECT_EQ(count(page, "id=\"s" + std::to_string(i) + "\""), 1u) << "step " << i;
  }
}

TEST(Page, OfALongExecutionSaysWhatItLeavesOut) {
  Finding finding = deadlock();
  finding.threads[kLeft].state = ThreadState::kCouldGoOn;
  for (int i = 0; i < 100; ++i) {
    Step step = step_of(kLeft, "load", kAlice, kFirst);
    step.value = std::to_string(i);
    step.stack = {kFirst};  // a call of a library would be one row
    step.place = 0;
    finding.steps.push_back(step);
  }
  const std::string page = page_of(finding, {.rows = 40});
  EXPECT_TRUE(has(page, "67 rows are left out; finding.json has all steps"));
  EXPECT_EQ(count(page, "<tr id=\"s"), 40u);
  EXPECT_TRUE(has(page, "id=\"s0\"") && has(page, "id=\"s106\""));
}

TEST(Page, ShowsTheLastRowAndTheLastStepIfNoMore) {
  const std::string page = page_of(deadlock(), {.rows = 0, .steps = 0});
  EXPECT_TRUE(has(page, "6 rows are left out; finding.json has all steps"));
  EXPECT_EQ(count(page, "<tr id=\"s6\""), 1u) << page;
}

TEST(Page, OfARowOfManyStepsSaysWhatItLeavesOut) {
  Finding finding = deadlock();
  for (int i = 0; i < 100; ++i) finding.steps.push_back(step_of(kLeft, "yield", {}, kFirst));
  const std::string page = page_of(finding, {.steps = 20});
  EXPECT_TRUE(has(page, "80 steps are left out; finding.json has all"));
  EXPECT_EQ(count(page, "<li value="), 20u);
  EXPECT_TRUE(has(page_of(finding), "id=\"s60\""));
}

TEST(Page, ShowsPlacesWithTheirStacks) {
  Finding finding = deadlock();
  finding.places = {{"earlier write of 4 bytes", kLeft, 3, {kInside, kSecond}},
                    {"made here", std::nullopt, std::nullopt, {kStart}}};
  const std::string page = page_of(finding);
  EXPECT_TRUE(has(page, "</bdi>: earlier write of 4 bytes</h3>"));
  EXPECT_TRUE(has(page, "<a href=\"#s3\">step 3</a>"));
  EXPECT_TRUE(has(page, "<h3>made here</h3>"));
  EXPECT_FALSE(has(page_of(deadlock()), "id=\"places\""));
}

TEST(Page, ShowsBothAccessesOfARace) {
  Finding finding = deadlock();
  MemoryAccess access;
  access.thread = kLeft;
  access.operation = "write";
  access.object = kAlice;
  access.size = 4;
  access.stack = {kSecond};
  finding.accesses = {access, access};
  finding.accesses[1].thread = kRight;
  finding.accesses[1].operation = "read";
  finding.accesses[1].step = 5;
  const std::string page = page_of(finding);
  EXPECT_TRUE(has(page, "left</bdi>: writes 4 bytes of &#39;alice&#39;, before the first step"));
  EXPECT_TRUE(has(page, "right</bdi>: reads 4 bytes of &#39;alice&#39;, after step 4")) << page;
}

TEST(Page, SaysWhatItWasSimplifiedFromInTheUnitsOfTheText) {
  Finding finding = deadlock();
  Original& original = finding.original.emplace();
  original.switches = 30;
  original.preemptions = 17;
  original.simpler_switches = 1;
  EXPECT_TRUE(has(page_of(finding),
                  "<dt>simplified</dt><dd>1 switch, 0 of them preemptions; as found: 30 switches, "
                  "17 of them preemptions</dd>"));
}

TEST(Page, NamesTheOutcomeThatNoRowShows) {
  Finding finding = deadlock();
  for (std::string kind : {"deadlock", "lost wake-up", "livelock", "no progress", "assertion"}) {
    finding.kind = kind;
    EXPECT_EQ(has(page_of(finding), "class=\"outcome\""), kind != "assertion") << kind;
  }
}

TEST(Page, ClosesWhatItOpens) {
  Finding finding = deadlock();
  finding.places = {{"earlier write of 4 bytes", kLeft, 3, {kInside, kSecond}}};
  finding.caveat = "repeating it gave another execution";
  for (const std::string& page : {page_of(finding), page_of(finding, {.rows = 4}), page_of({})}) {
    const std::regex tag("<(/?)([a-z0-9]+)[^>]*>");
    std::vector<std::string> open;
    for (auto at = std::sregex_iterator(page.begin(), page.end(), tag);
         at != std::sregex_iterator(); ++at) {
      const std::string name = (*at)[2];
      if (name == "meta") continue;
      if ((*at)[1].length() == 0) {
        open.push_back(name);
        continue;
      }
      ASSERT_FALSE(open.empty()) << name;
      ASSERT_EQ(open.back(), name) << page.substr(0, static_cast<std::size_t>(at->position()));
      open.pop_back();
    }
    EXPECT_TRUE(open.empty()) << open.back();
  }
}

TEST(Page, IsTheSameEachTime) {
  EXPECT_EQ(page_of(deadlock()), page_of(deadlock()));
  Finding other = deadlock();
  other.steps[3].object = kBob;
  EXPECT_NE(page_of(deadlock()), page_of(other));
}

TEST(Page, OfNothingIsAPage) {
  const std::string page = page_of(Finding{});
  EXPECT_TRUE(page.starts_with("<!doctype html>")) << page;
  EXPECT_TRUE(page.ends_with("</html>\n")) << page;
}

TEST(Page, AsksNobodyForAnything) {
  const std::string page = page_of(deadlock());
  for (const char* part : {"http:", "https:", "src=", "@import", "url(", "<link", "<img", "<iframe",
                           "XMLHttpRequest", "fetch("}) {
    EXPECT_FALSE(has(page, part)) << part;
  }
  EXPECT_TRUE(has(page, "default-src 'none'"));
}

// --- Texts -----------------------------------------------------------------------

const char* const kHostile[] = {"<script>alert(1)</script>",
                                "\"><img src=x onerror=alert(1)>",
                                "'\" onmouseover='alert(1)",
                                "</style></title></script>",
                                "a\nb\r\tc",
                                "\xff\xfe\x80",
                                "&lt;&amp;",
                                "--><!--",
                                "\xE2\x80\xAE-evil\xE2\x81\xA6",  // right-to-left override, isolate
                                "\x1b[31mred\x7f"};

Finding everything_says(const std::string& text) {
  Finding finding = deadlock();
  finding.places = {{text, kLeft, 3, {kInside}}};
  for (std::string* field :
       {&finding.kind, &finding.sentence, &finding.test, &finding.verdict, &finding.strategy,
        &finding.schedule, &finding.replay, &finding.bounds, &finding.caveat, &finding.events[0]}) {
    *field = text;
  }
  for (Frame& frame : finding.frames) frame.function = frame.file = frame.source = text;
  for (Object& object : finding.objects) object.name = object.kind = object.memory = text;
  for (Thread& thread : finding.threads) thread.name = thread.waits_for = thread.operation = text;
  for (Step& step : finding.steps) {
    step.operation = step.value = step.left = step.before = step.order = text;
  }
  return finding;
}

// The names of all tags with their attributes' names; the values must be quoted.
std::multiset<std::string> tags_of(const std::string& page) {
  const std::regex tag("<[^>]*>");
  const std::regex value("\"[^\"]*\"");
  std::multiset<std::string> tags;
  for (auto at = std::sregex_iterator(page.begin(), page.end(), tag); at != std::sregex_iterator();
       ++at) {
    tags.insert(std::regex_replace(at->str(), value, "\"\""));
  }
  return tags;
}

TEST(Page, NoTextBecomesATagOrAnAttribute) {
  const std::multiset<std::string> harmless = tags_of(page_of(everything_says("plain")));
  ASSERT_GT(harmless.size(), 100u);
  for (const char* text : kHostile) {
    EXPECT_EQ(tags_of(page_of(everything_says(text))), harmless) << text;
  }
}

TEST(Page, IsWellFormedUtfWithoutControlCharacters) {
  for (const char* text : kHostile) {
    const std::string page = page_of(everything_says(text));
    EXPECT_EQ(page, valid_utf8(page)) << text;
    for (const char c : page) {
      ASSERT_FALSE((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) << text;
    }
    EXPECT_FALSE(has(page, "\xE2\x80\xAE") || has(page, "\xE2\x81\xA6")) << text;
  }
}

}  // namespace
}  // namespace weft::report
