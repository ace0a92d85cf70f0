// The fewest switches between threads with which a classic bug is known to show: the smallest that
// a search and the simplification of what it found have come to, over twelve seeds.
//
// Thread safety: constants.
#pragma once

#include <optional>
#include <string_view>

namespace weft {

struct FewestSwitches {
  std::string_view specimen;
  unsigned switches;
};

inline constexpr FewestSwitches kFewestSwitches[] = {
    {"containers/alone_for_a_moment", 5},
    {"containers/counted_once", 4},
    {"containers/failure_changes_nothing", 4},
    {"containers/full_of_erased", 3},
    {"containers/link_cleared_late", 4},
    {"containers/number_comes_round", 2},
    {"containers/slot_read_after_steal", 4},
    {"containers/tag_begins_anew", 5},
    {"containers/top_comes_back", 4},
    {"containers/two_stolen_at_once", 4},
    {"cve/2016_9806_dump", 3},
    {"cve/2016_1972_frame", 3},
    {"cve/2016_1973_instance", 3},
    {"cve/2013_1792_keyrings", 2},
    {"cve/2009_3547_pipe", 2},
    {"cve/2017_15265_port", 3},
    {"cve/2016_7911_priority", 3},
    {"cve/2015_7550_revoked_key", 3},
    {"cve/2017_6346_ring", 3},
    {"cve/2011_2183_scanner", 3},
    {"locks/contended_mark_lost", 5},
    {"locks/done_undone_for_a_moment", 4},
    {"locks/drepper_mutex1", 7},
    {"locks/exception_wakes_nobody", 3},
    {"locks/flag_before_value", 4},
    {"locks/stale_state_of_reader", 5},
    {"locks/timed_writer_forgets_readers", 5},
    {"locks/try_lock_drops_mark", 5},
    {"locks/upgrade", 3},
    {"locks/waiters_counted_before_release", 3},
    {"publication/block_used_again", 2},
    {"publication/latch_without_order", 2},
    {"publication/loser_reads", 2},
    {"publication/plain_flag", 1},
    {"publication/plain_pair", 2},
    {"publication/relaxed_load", 2},
    {"publication/relaxed_store", 2},
    {"publication/unlock_without_order", 2},
    {"published/account", 4},
    {"published/bluetooth_driver", 4},
    {"published/bounded_buffer", 5},
    {"published/bounded_buffer_if", 4},
    {"published/interlocked_work_steal_queue", 6},
    {"published/lazy01", 4},
    {"published/reorder_5", 7},
    {"published/reorder_10", 12},
    {"published/reorder_20", 22},
    {"published/reorder_50", 52},
    {"published/reorder_100", 102},
    {"published/stringbuffer", 4},
    {"published/token_ring", 5},
    {"published/twostage_5", 7},
    {"published/twostage_10", 12},
    {"published/twostage_20", 22},
    {"published/twostage_50", 52},
    {"published/twostage_100", 102},
    {"published/work_steal_queue", 4},
    {"published/wronglock", 10},
    {"published/wronglock_3", 6},
    {"reclamation/deleter_retires", 2},
    {"reclamation/dropped_twice", 3},
    {"reclamation/hazard_in_two_steps", 3},
    {"reclamation/popped_and_freed", 3},
    {"reclamation/post_after_state", 3},
    {"reclamation/unlock_of_freed", 3},
    {"reclamation/used_after_count_down", 3},
    {"reclamation/waits_for_itself", 2},
    {"waits/barrier_without_generation", 3},
    {"waits/cancelled_with_permit", 5},
    {"waits/flag_up_again", 4},
    {"waits/idle_token_outlives_worker", 4},
    {"waits/loser_sleeps_beside_permit", 5},
    {"waits/shutdown_overwritten", 4},
    {"waits/signal_stolen", 5},
    {"waits/signal_taken_by_later_waiter", 7},
    {"waits/token_before_item", 4},
    {"waits/wakes_only_for_the_first_permit", 4},
};

inline std::optional<unsigned> fewest_switches(std::string_view specimen) {
  for (const FewestSwitches& each : kFewestSwitches) {
    if (each.specimen == specimen) return each.switches;
  }
  return std::nullopt;
}

}  // namespace weft
