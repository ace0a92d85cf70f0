#!/usr/bin/env bash
# campaign_target_test.sh PROGRAM: the program of a NAME_campaign target searches for long, keeps its
# state where it was called, goes on from it, and leaves what it finds beside it.
set -uo pipefail

fail() { echo "FAILED: $*"; exit 1; }

program=$PWD/$1
# As `bazel run` calls it.
export BUILD_WORKING_DIRECTORY=$TEST_TMPDIR
unset TEST_UNDECLARED_OUTPUTS_DIR TEST_TOTAL_SHARDS TEST_SHARD_INDEX
folder=$TEST_TMPDIR/weft-campaign/counter_test
state=$folder/Counter.LosesNothing.state

# search FILTER EXECUTIONS
search() {
  WEFT_EXECUTIONS=$2 "$program" --weft_campaign=weft-campaign/counter_test --weft_workers=1 \
    --gtest_filter="Counter.$1" 2>&1
}

output=$(search LosesNothing 60000) || fail "the first search: $output"
[[ $output != *"goes on after"* ]] || fail "it goes on before it has begun: $output"
[[ -s $state ]] || fail "no state: $(ls -R "$TEST_TMPDIR")"
output=$(search LosesNothing 120000) || fail "the second search: $output"
[[ $output == *"Counter.LosesNothing goes on after 50000 executions"* ]] || fail "it begins anew: $output"
output=$(search LosesNothing 120000) || fail "the third search: $output"
[[ $output == *"goes on after 100000 executions"* ]] || fail "it does not go on: $output"

output=$(search LosesWhatIsAddedInTwoSteps 60000) && fail "nothing was found: $output"
for kind in finding.json finding.html finding.sarif txt; do
  [[ -s $folder/Counter.LosesWhatIsAddedInTwoSteps.$kind ]] || fail "no $kind: $(ls "$folder")"
done
echo "PASSED"
