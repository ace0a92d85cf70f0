"""Tests of what is killed, or whose system calls fail."""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//stress/modes:builds.bzl", "built_test")

def fault_test(name, srcs, deps, build = "stress"):
    """Makes a test in one mode, without the harness: the test's own GoogleTest program.

    Args:
      name: the test's name.
      srcs: the test's sources.
      build: a key of BUILDS in //stress/modes:builds.bzl; one without a sanitizer.
      deps: libraries under test. GoogleTest, with its main(), comes by itself.
    """
    raw = name + "_raw_"
    cc_binary(
        name = raw,
        testonly = True,
        srcs = srcs,
        linkopts = ["-pthread"],
        # Only the wrapper builds it.
        tags = ["manual"],
        visibility = ["//visibility:private"],
        deps = deps + ["@googletest//:gtest_main"],
    )
    built_test(
        name = name,
        size = "medium",
        build = build,
        program = ":" + raw,
        tags = ["stress"],
    )
