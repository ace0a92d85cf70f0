#include "stress/generate/program_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "stress/run/options.h"

namespace weft::generate {
namespace {

struct Cell {
  std::size_t row;
  unsigned lane;
  std::string text;
};

std::string call_text(const Vocabulary& vocabulary, const Program& program, const Rest& rest,
                      unsigned lane, std::size_t place) {
  const std::string text = vocabulary.text(program.call(lane, place));
  if (lane >= rest.lanes.size() || place >= rest.lanes[lane].begun) return text;
  const auto& result = rest.lanes[lane].results[place];
  return text + (result ? " -> " + shown(*result) : " ... waits");
}

std::vector<Cell> cells_of(const Vocabulary& vocabulary, const Program& program, const Rest& rest,
                           std::span<const unsigned> order) {
  std::vector<Cell> cells;
  std::vector<std::size_t> places(program.lanes(), 0);
  std::size_t row = 0;
  const auto add = [&](unsigned lane, std::size_t in_row) {
    const std::size_t place = places[lane]++;
    cells.push_back({in_row, lane, call_text(vocabulary, program, rest, lane, place)});
  };
  for (const unsigned lane : order) add(lane, row++);
  const unsigned main = program.main();
  while (places[main] < program.before.size()) add(main, row++);
  std::size_t below = row;
  for (unsigned lane = 0; lane < main; ++lane) {
    for (std::size_t at = row; places[lane] < program.size(lane); ++at) {
      add(lane, at);
      below = std::max(below, at + 1);
    }
  }
  while (places[main] < program.size(main)) add(main, below++);
  return cells;
}

std::string mark_of(const Vocabulary& vocabulary) {
  std::uint32_t digest = 2'166'136'261u;  // FNV-1a
  const auto put = [&](std::string_view text) {
    for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 16'777'619u;
  };
  for (const Operation& operation : vocabulary.operations) {
    put(operation.name);
    for (const Generator& generator : operation.arguments) put(std::to_string(generator.choices));
    put("/");
  }
  char text[8];
  std::snprintf(text, sizeof text, "%04x", (digest ^ (digest >> 16)) & 0xFFFFu);
  return text;
}

std::string encoded_calls(const Vocabulary& vocabulary, const std::vector<Call>& calls) {
  std::string text;
  for (const Call& call : calls) {
    if (vocabulary.operations[call.operation].where == Operation::kAtTheEnd) continue;
    text += (text.empty() ? "" : ",") + std::to_string(call.operation);
    std::size_t end = call.choices.size();
    while (end > 0 && call.choices[end - 1] == 0) --end;  // as those that are missing
    for (std::size_t i = 0; i < end; ++i) text += "." + std::to_string(call.choices[i]);
  }
  return text;
}

[[noreturn]] void refuse(const std::string& what) {
  throw OptionError("WEFT_PROGRAM: " + what +
                    "; take the line from a report of this test as it is now");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Call decoded_call(const Vocabulary& vocabulary, std::string_view text) {
  Call call;
  std::vector<unsigned> numbers;
  for (const std::string_view part : split(text, '.')) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc() || end != part.data() + part.size()) {
      refuse("\"" + std::string(text) + "\" is not a call");
    }
    numbers.push_back(number);
  }
  call.operation = numbers.front();
  if (call.operation >= vocabulary.operations.size()) {
    refuse("there is no operation " + std::to_string(call.operation));
  }
  call.choices.assign(numbers.begin() + 1, numbers.end());
  const auto& generators = vocabulary.operations[call.operation].arguments;
  if (call.choices.size() > generators.size()) {
    refuse("\"" + std::string(text) + "\" has too many arguments");
  }
  return call;
}

std::vector<Call> decoded_calls(const Vocabulary& vocabulary, std::string_view text) {
  std::vector<Call> calls;
  if (text.empty()) return calls;
  for (const std::string_view part : split(text, ',')) {
    calls.push_back(decoded_call(vocabulary, part));
  }
  return calls;
}

}  // namespace

std::string table(const Vocabulary& vocabulary, const Program& program, const Rest& rest,
                  std::span<const unsigned> order) {
  const std::vector<Cell> cells = cells_of(vocabulary, program, rest, order);
  std::vector<std::string> heads;
  for (unsigned lane = 0; lane < program.main(); ++lane) {
    heads.push_back("thread " + std::to_string(lane));
  }
  if (program.size(program.main()) > 0) heads.push_back("main");
  std::size_t rows = 0;
  std::vector<std::size_t> widths;
  for (const std::string& head : heads) widths.push_back(head.size());
  for (const Cell& cell : cells) {
    rows = std::max(rows, cell.row + 1);
    widths[cell.lane] = std::max(widths[cell.lane], cell.text.size());
  }
  std::vector<std::vector<std::string>> grid(rows + 1, std::vector<std::string>(heads.size()));
  grid[0] = heads;
  for (const Cell& cell : cells) grid[cell.row + 1][cell.lane] = cell.text;
  std::string text;
  for (auto& row : grid) {
    std::string line;
    for (std::size_t lane = 0; lane < heads.size(); ++lane) {
      row[lane].resize(widths[lane], ' ');
      line += (lane == 0 ? "  " : " | ") + row[lane];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string encoded(const Vocabulary& vocabulary, const Program& program) {
  std::string text = mark_of(vocabulary) + ":" + encoded_calls(vocabulary, program.before) + ":";
  for (std::size_t i = 0; i < program.threads.size(); ++i) {
    text += (i == 0 ? "" : "/") + encoded_calls(vocabulary, program.threads[i]);
  }
  return text + ":" + encoded_calls(vocabulary, program.after);
}

Program decoded(const Vocabulary& vocabulary, std::string_view text) {
  const auto parts = split(text, ':');
  if (parts.size() != 4) refuse("\"" + std::string(text) + "\" is not a program");
  if (parts[0] != mark_of(vocabulary)) refuse("it is of other operations than this test's");
  Program program;
  program.before = decoded_calls(vocabulary, parts[1]);
  if (!parts[2].empty()) {
    for (const std::string_view thread : split(parts[2], '/')) {
      program.threads.push_back(decoded_calls(vocabulary, thread));
    }
  }
  program.after = decoded_calls(vocabulary, parts[3]);
  return vocabulary.complete(std::move(program));
}

}  // namespace weft::generate
