// What happens around each test case: the seam between weft::check and main().
//
// Thread safety: by the thread that runs the tests.
#pragma once

namespace weft::internal {

// Fails each test case during which ThreadSanitizer reported something that no check claimed, and
// restarts the numbering of checks. To be called once, after testing::InitGoogleTest().
void watch_tests();

// The number of this check within its test, from 1.
int count_check();

}  // namespace weft::internal
