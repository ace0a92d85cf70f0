"""Programs whose figures count: optimised, without assertions, whatever the command line says."""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//stress/modes:builds.bzl", "BUILD_ATTRS", "built_binary", "program_of")

def weft_binary(
        name,
        srcs,
        deps = [],
        data = [],
        args = [],
        tags = [],
        testonly = False,
        visibility = None,
        **kwargs):
    """A program to run that is compiled with all its dependencies with -O2 -DNDEBUG -g.

    Args:
      name: `bazel run` takes this.
      srcs: as of cc_binary.
      deps: as of cc_binary.
      data: files and programs that it finds among its runfiles.
      args: for its command line under `bazel run`.
      tags: of the program.
      testonly: as of any target.
      visibility: of the program.
      **kwargs: for the cc_binary (copts, linkopts, ...).
    """
    raw = name + "_raw_"
    linkopts = kwargs.pop("linkopts", [])
    cc_binary(
        name = raw,
        testonly = testonly,
        srcs = srcs,
        linkopts = ["-rdynamic", "-pthread"] + linkopts,
        # Only the wrapper builds it.
        tags = ["manual"],
        visibility = ["//visibility:private"],
        deps = deps,
        **kwargs
    )
    built_binary(
        name = name,
        testonly = testonly,
        args = args,
        build = "release",
        data = data,
        program = ":" + raw,
        tags = tags,
        visibility = visibility,
    )

def _smoke_test_impl(ctx):
    program = program_of(ctx)
    test = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        output = test,
        content = "#!/bin/sh\nexec ./{check} ./{program} \"$@\"\n".format(
            check = ctx.file._check.short_path,
            program = program.files_to_run.executable.short_path,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = ctx.files.data + [ctx.file._check])
    return [DefaultInfo(executable = test, runfiles = runfiles.merge(program.default_runfiles))]

smoke_test = rule(
    doc = "Runs every benchmark of a program for a moment, and judges its report.",
    implementation = _smoke_test_impl,
    attrs = dict(
        BUILD_ATTRS,
        _check = attr.label(
            default = "//benchmarks/smoke:check_report.sh",
            allow_single_file = True,
        ),
    ),
    test = True,
)

def concurrency_benchmark(
        name,
        srcs,
        deps = [],
        data = [],
        size = "medium",
        tags = [],
        main = Label("//benchmarks/machine:benchmark_main"),
        visibility = None,
        **kwargs):
    """A Google Benchmark program as a release, and a test that it runs.

    NAME is the program (`bazel run`); NAME_smoke runs each of its benchmarks for a moment, and fails
    when none ran, when one reports an error, or when the library calls itself a debug build.

    Args:
      name: of the program.
      srcs: with benchmarks; none defines main().
      deps: libraries that are measured, peers of @weft_peers. Google Benchmark and main() come
        by themselves.
      data: files and programs that it finds among its runfiles.
      size: of the smoke test.
      tags: of the program and of the smoke test.
      main: the library with main(). The default puts the machine's facts into each report.
      visibility: of the program.
      **kwargs: for the cc_binary (copts, linkopts, ...).
    """
    weft_binary(
        name = name,
        testonly = True,
        srcs = srcs,
        data = data,
        tags = tags + ["benchmark"],
        visibility = visibility,
        deps = deps + [Label("@google_benchmark//:benchmark"), main],
        **kwargs
    )
    smoke_test(
        name = name + "_smoke",
        size = size,
        build = "release",
        data = data,
        program = ":%s_raw_" % name,
        tags = tags + ["smoke"],
    )
