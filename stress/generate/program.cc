#include "stress/generate/program.h"

#include <algorithm>
#include <cstddef>

namespace weft::generate {
namespace {

struct Cell {
  std::size_t row;
  unsigned thread;
  std::string text;
};

std::string call_text(const Program& program, std::span<const std::string> names,
                      const History& history, unsigned thread, std::size_t place) {
  const Call& call = program[thread][place];
  std::string text = names[call.operation];
  // A name with a hash shows where the argument goes, and one with an at sign the label.
  if (const auto at = text.find('#'); at != text.npos) {
    text.replace(at, 1, std::to_string(call.argument));
  }
  if (const auto at = text.find('@'); at != text.npos) {
    text.replace(at, 1, std::to_string(call.label));
  }
  if (thread >= history.size() || place >= history[thread].size()) return text;
  const auto& outcome = history[thread][place].outcome;
  return text + (outcome ? " -> " + outcome->text() : " ... waits");
}

std::vector<Cell> cells_of(const Program& program, std::span<const std::string> names,
                           const History& history, std::span<const unsigned> order) {
  std::vector<Cell> cells;
  std::vector<std::size_t> places(program.size(), 0);
  for (const unsigned thread : order) {
    const std::size_t row = cells.size();
    const std::size_t place = places[thread]++;
    cells.push_back({row, thread, call_text(program, names, history, thread, place)});
  }
  const std::size_t ordered_rows = cells.size();
  for (unsigned thread = 0; thread < program.size(); ++thread) {
    std::size_t row = ordered_rows;
    for (std::size_t place = places[thread]; place < program[thread].size(); ++place) {
      cells.push_back({row++, thread, call_text(program, names, history, thread, place)});
    }
  }
  return cells;
}

}  // namespace

void label_calls(Program& program) {
  for (std::size_t thread = 0; thread < program.size(); ++thread) {
    for (std::size_t place = 0; place < program[thread].size(); ++place) {
      program[thread][place].label = static_cast<int>(100 * thread + place + 1);
    }
  }
}

std::string table(const Program& program, std::span<const std::string> operation_names,
                  const History& history, std::span<const unsigned> order) {
  const std::vector<Cell> cells = cells_of(program, operation_names, history, order);
  std::size_t rows = 0;
  std::vector<std::size_t> widths;
  for (unsigned thread = 0; thread < program.size(); ++thread) {
    widths.push_back(("thread " + std::to_string(thread)).size());
  }
  for (const Cell& cell : cells) {
    rows = std::max(rows, cell.row + 1);
    widths[cell.thread] = std::max(widths[cell.thread], cell.text.size());
  }
  std::vector<std::vector<std::string>> grid(rows + 1, std::vector<std::string>(program.size()));
  for (unsigned thread = 0; thread < program.size(); ++thread) {
    grid[0][thread] = "thread " + std::to_string(thread);
  }
  for (const Cell& cell : cells) grid[cell.row + 1][cell.thread] = cell.text;
  std::string text;
  for (auto& row : grid) {
    std::string line;
    for (unsigned thread = 0; thread < program.size(); ++thread) {
      row[thread].resize(widths[thread], ' ');
      line += (thread == 0 ? "  " : " | ") + row[thread];
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace weft::generate
