// Functions of libstdc++ that link nodes of the tested code's containers into each other: stores
// that are not instrumented, and may be the only ones by which something that outlives the
// execution refers to what it has allocated (heap_scan.h).
#include <stddef.h>

#include "stress/explore/heap_scan.h"
#include "stress/explore/interpose.h"

using namespace weft::explore;

// std::_Rb_tree_insert_and_rebalance: sets and maps.
extern "C" void weft_insert_and_rebalance(
    bool left, void* node, void* parent,
    void* header) __asm__("_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_");
extern "C" void weft_insert_and_rebalance(bool left, void* node, void* parent, void* header) {
  static Real<void(bool, void*, void*, void*)> real{
      "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_"};
  if (controlled() && outlives_execution(address_of(header))) remembered.add_unknown();
  real(left, node, parent, header);
}

// std::__detail::_List_node_base::_M_hook: lists.
extern "C" void weft_hook(void* node,
                          void* position) __asm__("_ZNSt8__detail15_List_node_base7_M_hookEPS0_");
extern "C" void weft_hook(void* node, void* position) {
  static Real<void(void*, void*)> real{"_ZNSt8__detail15_List_node_base7_M_hookEPS0_"};
  if (controlled() && outlives_execution(address_of(position))) remembered.add_unknown();
  real(node, position);
}

// std::__detail::_List_node_base::_M_transfer: splicing.
extern "C" void weft_transfer(void* position, void* first, void* last) __asm__(
    "_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_");
extern "C" void weft_transfer(void* position, void* first, void* last) {
  static Real<void(void*, void*, void*)> real{
      "_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_"};
  if (controlled() && outlives_execution(address_of(position))) remembered.add_unknown();
  real(position, first, last);
}
