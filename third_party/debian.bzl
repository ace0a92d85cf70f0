"""Bazel's own rule sets as Debian packages them, for builds by WORKSPACE (Bazel 4.2 to 7)."""

_TOOLCHAIN_UTILS = Label("@bazel_tools//tools/cpp:toolchain_utils.bzl")

_LOAD = 'load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain", "use_cpp_toolchain")'
_COMPAT_LOAD = 'load("//:bazel_tools_compat.bzl", "find_cpp_toolchain", "use_cpp_toolchain")'
_COMPAT = """load("@bazel_tools//tools/cpp:toolchain_utils.bzl", _find = "find_cpp_toolchain")

find_cpp_toolchain = _find

def use_cpp_toolchain(mandatory = False):
    return ["@bazel_tools//tools/cpp:toolchain_type"]
"""

# The only folder of rules_cc whose files load the symbol that _COMPAT supplies.
_REWRITTEN = ["cc", "private", "rules_impl"]

def _debian_rules_cc_impl(ctx):
    source = ctx.path(ctx.attr.path)
    if not source.exists:
        fail("%s is missing: run ./bazelw once, or apt-get install bazel-rules-cc" % source)

    # rules_cc 0.0.4 loads a symbol that the @bazel_tools of Bazel 4.2 lacks. Its own text decides,
    # not Bazel's version, which Debian's build leaves empty.
    if "use_cpp_toolchain" in ctx.read(ctx.path(_TOOLCHAIN_UTILS)):
        for entry in source.readdir():
            ctx.symlink(entry, entry.basename)
        return

    # Folders on the way to the rewritten one are made anew; all beside them is linked.
    ctx.file("bazel_tools_compat.bzl", _COMPAT)
    made = ""
    for step in _REWRITTEN:
        for entry in source.readdir():
            if entry.basename != step:
                ctx.symlink(entry, made + entry.basename)
        source = source.get_child(step)
        made += step + "/"
    for entry in source.readdir():
        if entry.basename.endswith(".bzl"):
            ctx.file(made + entry.basename, ctx.read(entry).replace(_LOAD, _COMPAT_LOAD))
        else:
            ctx.symlink(entry, made + entry.basename)

debian_rules_cc = repository_rule(
    doc = "@rules_cc from the package bazel-rules-cc, made to load on Bazel 4.2.",
    implementation = _debian_rules_cc_impl,
    attrs = {"path": attr.string(default = "/usr/share/bazel/rules/cc")},
    local = True,
)

def _debian_repository_impl(ctx):
    source = ctx.path(ctx.attr.path) if ctx.attr.path else None
    if source and source.exists:
        for entry in source.readdir():
            ctx.symlink(entry, entry.basename)
        return
    if not ctx.attr.stub:
        fail("%s is missing: run ./bazelw once, or apt-get install %s" % (source, ctx.attr.package))
    ctx.file("WORKSPACE", "")
    for name, text in ctx.attr.stub.items():
        ctx.file(name, text, executable = name.endswith(".sh"))

debian_repository = repository_rule(
    doc = "A repository that is the folder `path` of a package; where that is missing, the files of `stub`.",
    implementation = _debian_repository_impl,
    attrs = {
        "package": attr.string(),
        "path": attr.string(),
        "stub": attr.string_dict(),
    },
    local = True,
)

def _native_rules(rules):
    return "\n".join(["%s = native.%s" % (r, r) for r in rules]) + "\n"

# Bazel parses the Java and Python rules when it analyses any test, although nothing here is
# written in either language.
RULES_JAVA_STUB = {
    "java/BUILD.bazel": "",
    "java/defs.bzl": _native_rules([
        "java_binary",
        "java_import",
        "java_library",
        "java_plugin",
        "java_runtime",
        "java_test",
        "java_toolchain",
    ]),
}

RULES_PYTHON_STUB = {
    "python/BUILD.bazel": "",
    "python/defs.bzl": _native_rules([
        "py_binary",
        "py_library",
        "py_test",
    ]),
}

# The names under which later releases of Bazel have what 4.2 has built in.
RULES_SHELL_STUB = {
    "shell/BUILD.bazel": "",
    "shell/sh_binary.bzl": _native_rules(["sh_binary"]),
    "shell/sh_library.bzl": _native_rules(["sh_library"]),
    "shell/sh_test.bzl": _native_rules(["sh_test"]),
}

# Every test depends on the coverage tools, a jar that no Debian package has. This script stands in
# for them, and merges what `bazel coverage` hands it.
COVERAGE_TOOLS_STUB = {
    "BUILD.bazel": "\n".join([
        'sh_binary(name = "%s", srcs = ["merge_lcov.sh"], visibility = ["//visibility:public"])' % name
        for name in ["coverage_report_generator", "lcov_merger"]
    ]),
    "merge_lcov.sh": """#!/bin/sh
for argument in "$@"; do
  case "$argument" in
    --coverage_dir=*) folder=${argument#*=} ;;
    --reports_file=*) reports=${argument#*=} ;;
    --output_file=*) output=${argument#*=} ;;
  esac
done
if [ -n "$reports" ]; then
  xargs -r cat < "$reports" > "$output"
else
  find "$folder" -name '*.dat' ! -name '_coverage.dat' -exec cat {} + > "$output"
fi
""",
}
