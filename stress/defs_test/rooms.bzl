"""A test that the build refuses a target because it may not see what it depends on."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _room_refused_test_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "is not visible from target")
    return analysistest.end(env)

room_refused_test = analysistest.make(_room_refused_test_impl, expect_failure = True)
