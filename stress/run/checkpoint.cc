#include "stress/run/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "stress/run/write_all.h"

namespace weft::internal {
namespace {

constexpr std::string_view kMagic = "weft checkpoint 2\n";

[[noreturn]] void fail(const std::string& path, const std::string& why) {
  throw CheckpointError(path + ": " + why);
}

// FNV-1a (Fowler, Noll, Vo): tells a damaged file, not a forged one.
std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  }
  return hash;
}

class Writer {
 public:
  void put(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) bytes_ += static_cast<char>(number >> (8 * i));
  }
  void put(std::string_view text) {
    put(std::uint64_t{text.size()});
    bytes_ += text;
  }
  template <class List>
  void put_list(const List& list) {
    put(std::uint64_t{std::size(list)});
    for (const auto& each : list) put(static_cast<std::uint64_t>(each));
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

// What it reads past the end is 0 and empty, and is_good() false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    if (bytes_.size() < 8) {
      good_ = false;
      return 0;
    }
    std::uint64_t number = 0;
    for (int i = 7; i >= 0; --i) {
      number = number << 8 | static_cast<unsigned char>(bytes_[static_cast<std::size_t>(i)]);
    }
    bytes_.remove_prefix(8);
    return number;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > bytes_.size()) {
      good_ = false;
      return "";
    }
    const std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  template <class T>
  std::vector<T> list() {
    const std::uint64_t size = number();
    std::vector<T> list;
    if (size > bytes_.size() / 8) {
      good_ = false;
      return list;
    }
    list.reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) list.push_back(static_cast<T>(number()));
    return list;
  }
  bool is_good() const { return good_; }
  bool is_at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

std::string bytes_of(const Checkpoint& checkpoint) {
  Writer writer;
  writer.put(std::uint64_t{checkpoint.search.size()});
  for (const auto& [what, value] : checkpoint.search) {
    writer.put(what);
    writer.put(value);
  }
  writer.put(checkpoint.executions);
  writer.put(std::bit_cast<std::uint64_t>(checkpoint.seconds));
  writer.put(checkpoint.program);
  writer.put(std::uint64_t{checkpoint.drew_random});
  const Strategies::State& state = checkpoint.strategies;
  writer.put(std::uint64_t{state.worth.size()});
  for (const double worth : state.worth) writer.put(std::bit_cast<std::uint64_t>(worth));
  for (const std::uint64_t word : state.dice) writer.put(word);
  writer.put(state.arm);
  writer.put(state.slice_left);
  writer.put(state.unbounded_executions);
  writer.put(static_cast<std::uint64_t>(state.completed));
  writer.put_list(state.all);
  writer.put_list(state.bounded);
  writer.put_list(checkpoint.conflicts);
  writer.put_list(checkpoint.digests);
  return std::move(writer.bytes());
}

Checkpoint checkpoint_from(Reader& reader) {
  Checkpoint checkpoint;
  for (std::uint64_t left = reader.number(); left > 0 && reader.is_good(); --left) {
    std::string what = reader.text();
    checkpoint.search.emplace_back(std::move(what), reader.text());
  }
  checkpoint.executions = reader.number();
  checkpoint.seconds = std::bit_cast<double>(reader.number());
  checkpoint.program = reader.number();
  checkpoint.drew_random = reader.number() != 0;
  Strategies::State& state = checkpoint.strategies;
  for (const std::uint64_t worth : reader.list<std::uint64_t>()) {
    state.worth.push_back(std::bit_cast<double>(worth));
  }
  for (std::uint64_t& word : state.dice) word = reader.number();
  state.arm = reader.number();
  state.slice_left = reader.number();
  state.unbounded_executions = reader.number();
  state.completed = static_cast<std::int64_t>(reader.number());
  state.all = reader.list<std::uint16_t>();
  state.bounded = reader.list<std::uint16_t>();
  checkpoint.conflicts = reader.list<std::uint64_t>();
  checkpoint.digests = reader.list<std::uint64_t>();
  return checkpoint;
}

constexpr const char* kAnew = "; to begin anew delete it, or name another folder";

}  // namespace

void save(const Checkpoint& checkpoint, const std::string& path) {
  const std::string bytes = bytes_of(checkpoint);
  Writer file;
  file.bytes() = kMagic;
  file.put(hash_of(bytes));
  file.bytes() += bytes;
  const std::string beside = path + ".new";
  const int fd = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) fail(beside, std::string("cannot be made: ") + std::strerror(errno));
  // What the name is given to must be on the disk before it.
  const bool is_there = write_all(fd, file.bytes()) && fsync(fd) == 0;
  const int why = errno;
  close(fd);
  if (!is_there) fail(beside, std::string("cannot be written: ") + std::strerror(why));
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    fail(path, std::string("cannot be written: ") + std::strerror(errno));
  }
}

std::optional<Checkpoint> load(const std::string& path,
                               const std::vector<std::pair<std::string, std::string>>& search) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  const std::string file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  std::string_view bytes = file;
  if (!bytes.starts_with(kMagic)) {
    fail(path, std::string("this is no state of a search that this Weft can read") + kAnew);
  }
  bytes.remove_prefix(kMagic.size());
  Reader head(bytes);
  const std::uint64_t hash = head.number();
  if (!head.is_good() || hash_of(bytes.substr(8)) != hash) {
    fail(path, std::string("this state of a search is damaged") + kAnew);
  }
  Reader reader(bytes.substr(8));
  Checkpoint checkpoint = checkpoint_from(reader);
  if (!reader.is_good() || !reader.is_at_end()) {
    fail(path, std::string("this state of a search is damaged") + kAnew);
  }
  for (std::size_t i = 0; i < search.size(); ++i) {
    const auto& [what, value] = search[i];
    const bool has = i < checkpoint.search.size() && checkpoint.search[i].first == what;
    const std::string there = has ? checkpoint.search[i].second : "unknown";
    if (there == value) continue;
    fail(path, "this is the state of another search: its " + what + " is " + there +
                   ", here it is " + value + kAnew);
  }
  return checkpoint;
}

std::string program_digest() {
  std::ifstream stream("/proc/self/exe", std::ios::binary);
  const std::string file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  char text[32];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash_of(file)));
  return text;
}

}  // namespace weft::internal
