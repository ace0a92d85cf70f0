// Where the shadow lies.
#include "stress/explore/raw.h"
#include "stress/explore/shadow.h"

namespace weft::explore {

uint32_t shadow_generation = 0;
AccessNumber this_access = 0;

namespace {

constexpr uintptr_t kChunks = uintptr_t{1} << (kAddressBits - kChunkBits);
constexpr uintptr_t kChunkBytes = (uintptr_t{1} << (kChunkBits - 3)) * sizeof(Word);
constexpr uint32_t kMostNodes = 1u << 24;

uint32_t next_node = 0;
bool is_mapped = false;

}  // namespace

Node& new_node(Word& word, Node::Kind kind) {
  if (next_node == kMostNodes) {
    raw_die("race detection is out of memory for this execution; shorten it, or give WEFT_RACES=0");
  }
  Node& fresh = node_at(next_node);
  fresh = {};
  fresh.kind = kind;
  fresh.next = word.more;
  word.more = next_node++;
  return fresh;
}

Word* new_shadow_chunk(uintptr_t address) {
  const uintptr_t made = map_memory(0, kChunkBytes);
  if (made == 0) raw_die("no memory for race detection; give WEFT_RACES=0");
  return shadow_chunks()[address >> kChunkBits] = reinterpret_cast<Word*>(made);
}

void begin_shadow() {
  if (!is_mapped) {
    is_mapped = true;
    if (map_memory(kShadowChunks, kChunks * sizeof(Word*)) != kShadowChunks ||
        map_memory(kShadowNodes, uint64_t{kMostNodes} * sizeof(Node)) != kShadowNodes) {
      raw_die("no address space for race detection; give WEFT_RACES=0");
    }
  }
  next_node = 1;
  this_access = 0;
  if (++shadow_generation != 0) return;
  // Once in 2^32 executions: what the first ones left would look like this one's.
  for (uintptr_t i = 0; i < kChunks; ++i) {
    if (shadow_chunks()[i] != nullptr) {
      clear_memory(reinterpret_cast<uintptr_t>(shadow_chunks()[i]), kChunkBytes);
    }
  }
  shadow_generation = 1;
}

void widen(Node& node) {
  const Node before = node;
  node.width = good_row_width();
  node.rows = elements_of(new_row(node.width * Node::kRows));
  for (uint32_t i = 0; i < Node::kRows; ++i) {
    const auto which = static_cast<Node::RowOf>(i);
    copy_clock(node.row(which), before.row(which), before.width);
  }
}

}  // namespace weft::explore
