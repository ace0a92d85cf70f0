"""concurrency_test: one test body, judged in several modes.

    load("@weft//stress:defs.bzl", "concurrency_test")

    concurrency_test(
        name = "ring_test",
        srcs = ["ring_test.cc"],
        deps = [":ring"],
    )

makes, so that a plain `bazel test //...` runs all of them:

    ring_test          optimised, assertions on, real threads      tag: stress
    ring_test_tsan     ThreadSanitizer                             tag: tsan
    ring_test_explore  under the explorer, which decides who runs      tag: explore
    ring_test_asan     Address-, UndefinedBehavior-, LeakSanitizer tag: asan

and, for `bazel run`, with the tag manual:

    ring_test_campaign a long search under the explorer on all cores, which can be interrupted; its
                       state and findings are in weft-campaign/ring_test where it is called

The body calls weft::check (stress/check.h) from a GoogleTest case; main() is //stress:check_main.
A mode's tag picks it: `bazel test --test_tag_filters=tsan //...`.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//stress/modes:builds.bzl", "built_binary", "built_test")
load("//third_party:precompiled.bzl", "NOTHING_PRECOMPILED", "PRECOMPILED")

# A mode is a test of its own over the one program of a concurrency_test.
#   suffix: of the test's name
#   build:  a key of BUILDS in //stress/modes:builds.bzl
#   env:    the test's environment, beside WEFT_MODE, which is the mode's name. A command line's
#           --test_env replaces such a variable wholly.
# There is no suppressions file: a report is a failure.
_MODES = {
    "stress": struct(
        suffix = "",
        build = "stress",
        env = {},
    ),
    "explore": struct(
        suffix = "_explore",
        build = "explore",
        env = {},
    ),
    "tsan": struct(
        suffix = "_tsan",
        build = "tsan",
        env = {
            # A report fails its test case and the run goes on, so that the XML is complete; equal
            # reports are kept because the next test case deserves its own.
            "TSAN_OPTIONS": ":".join([
                "halt_on_error=0",
                "exitcode=66",
                "second_deadlock_stack=1",
                "history_size=4",
                "suppress_equal_stacks=0",
                "suppress_equal_addresses=0",
            ]),
        },
    ),
    "asan": struct(
        suffix = "_asan",
        build = "asan",
        env = {
            "ASAN_OPTIONS": ":".join([
                "detect_leaks=1",
                "detect_stack_use_after_return=1",
                "check_initialization_order=1",
                "strict_init_order=1",
                "strict_string_checks=1",
            ]),
            "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
        },
    ),
}

def _is_a_reason(text):
    """Whether text can be a sentence: some words, not a mere mark."""
    return type(text) == "string" and len(text.strip().split(" ")) >= 3

def chosen_modes(name, modes, omitted):
    """The modes of a test, in the table's order.

    Args:
      name: of the test, for messages.
      modes: the modes wanted, or None for all but the omitted ones.
      omitted: mode -> reason.

    Returns:
      (modes, None), or (None, what is wrong).
    """
    known = ", ".join(_MODES.keys())
    for mode in (modes or []) + omitted.keys():
        if mode not in _MODES:
            return None, "%s: there is no mode \"%s\"; the modes are %s" % (name, mode, known)
    for mode, reason in omitted.items():
        if mode in (modes or []):
            return None, "%s: mode \"%s\" is both in `modes` and in `omitted`" % (name, mode)
        if not _is_a_reason(reason):
            return None, "%s: `omitted` must say in a sentence why mode \"%s\" is left out" % (name, mode)
    chosen = []
    for mode in _MODES.keys():
        if mode in omitted:
            continue
        if modes != None and mode not in modes:
            return None, ("%s: mode \"%s\" is left out without a reason; " +
                          "add omitted = {\"%s\": \"why it cannot judge this test\"}") % (name, mode, mode)
        chosen.append(mode)
    if not chosen:
        return None, "%s: every mode is omitted, so nothing would be tested" % name
    return chosen, None

def refused_linkopts(name, linkopts):
    """What is wrong with a test's options for the linker, or None.

    Args:
      name: of the test, for messages.
      linkopts: the options.
    """
    for option in linkopts:
        if option in ["-static", "--static", "-static-pie"]:
            return ("%s: %s leaves the sanitizers and the explorer no library to stand before; " +
                    "remove it (-static-libstdc++ and -static-libgcc work)") % (name, option)
    return None

def concurrency_test(
        name,
        srcs,
        deps = [],
        modes = None,
        omitted = {},
        size = "medium",
        timeout = None,
        shard_count = None,
        args = [],
        data = [],
        env = {},
        tags = [],
        copts = [],
        defines = [],
        local_defines = [],
        linkopts = [],
        visibility = None,
        **kwargs):
    """Makes one test per mode over one program.

    Args:
      name: the test's name; the modes add their suffixes.
      srcs: the test's sources; none defines main().
      deps: libraries under test. weft::check and GoogleTest come by themselves.
      modes: the modes wanted; all by default. Each mode left out must be in `omitted`.
      omitted: mode -> a sentence that says why it cannot judge this test.
      size: as of any test. The time budget of weft::check follows from the timeout.
      timeout: as of any test.
      shard_count: the shards divide the test cases and the seeds.
      args: for the test's command line.
      data: files and programs the test uses at run time.
      env: for the test's environment; an entry of a sanitizer's options is appended to the mode's.
      tags: for every test made.
      copts: for `srcs` alone.
      defines: as of cc_binary.
      local_defines: as of cc_binary.
      linkopts: for the program.
      visibility: of the tests.
      **kwargs: what else every rule takes (target_compatible_with, ...).
    """
    if "flaky" in kwargs:
        fail("%s: a concurrency test is never flaky: a failure has a seed; print it and repair the cause" % name)
    chosen, wrong = chosen_modes(name, modes, omitted)
    wrong = wrong or refused_linkopts(name, linkopts)
    if wrong:
        fail(wrong)

    # Only Weft's own tests: of others' flags too little is known.
    is_own = native.repository_name() == "@" and Label("//stress").workspace_name == ""
    precompiled = PRECOMPILED if is_own and not copts else NOTHING_PRECOMPILED

    raw = name + "_raw_"
    cc_binary(
        name = raw,
        testonly = True,
        srcs = srcs,
        copts = precompiled.copts + copts,
        defines = defines,
        # Exported symbols let a stack in a report name its functions.
        linkopts = ["-rdynamic", "-pthread"] + linkopts,
        local_defines = local_defines,
        # Only the modes' wrappers build it.
        tags = ["manual"],
        visibility = ["//visibility:private"],
        deps = precompiled.deps + deps + [Label("//stress:check_main")],
        **dict(kwargs, **precompiled.attributes)
    )
    for mode in chosen:
        built_test(
            name = name + _MODES[mode].suffix,
            size = size,
            timeout = timeout,
            args = args,
            build = _MODES[mode].build,
            data = data,
            env = _joined(dict(_MODES[mode].env, WEFT_MODE = mode), env),
            program = ":" + raw,
            shard_count = shard_count,
            tags = tags + [mode],
            visibility = visibility,
            **kwargs
        )
    if "explore" in chosen:
        built_binary(
            name = name + "_campaign",
            testonly = True,
            args = args + ["--weft_campaign=weft-campaign/" + name],
            build = _MODES["explore"].build,
            data = data,
            program = ":" + raw,
            tags = tags + ["manual"],
            visibility = visibility,
            **kwargs
        )

def _joined(mode_env, env):
    """The environment of a mode and a test: options of a sanitizer are appended, and the later wins."""
    joined = dict(mode_env)
    for key, value in env.items():
        if key.endswith("SAN_OPTIONS") and key in joined:
            value = joined[key] + ":" + value
        joined[key] = value
    return joined
