"""Headers that are parsed once for each build, and not by every source that begins with them.

    load("//third_party:precompiled.bzl", "cc_library")

loads a cc_library for which the headers of the standard library are precompiled. Its copts must not
change what the compiler makes of them.

A source is still to include what it uses: with another compiler than clang nothing is precompiled,
nor with `-c opt`, where Bazel compiles a library twice, with and without -fPIC.

Clang refuses what another version of it has precompiled: machines that share a cache of Bazel's need
the same one, unless compilations depend on its version (compiler.bzl).
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")
load("@rules_cc//cc:defs.bzl", _cc_library = "cc_library")

_STD = Label("//third_party:std")

# Attributes of a cc_ rule, and what its copts and its deps begin with.
PRECOMPILED = struct(
    attributes = {"toolchains": [_STD]},
    copts = ["$(PRECOMPILED)"],
    deps = [_STD],
)
NOTHING_PRECOMPILED = struct(attributes = {}, copts = [], deps = [])

def cc_library(name, copts = [], deps = [], **kwargs):
    """A cc_library whose sources need not parse the standard library.

    Args:
      name: as of cc_library.
      copts: as of cc_library; warnings and macros of the sources' own.
      deps: as of cc_library.
      **kwargs: as of cc_library.
    """
    _cc_library(
        name = name,
        copts = PRECOMPILED.copts + copts,
        deps = PRECOMPILED.deps + deps,
        **dict(kwargs, **PRECOMPILED.attributes)
    )

# A file that includes the others must have a place that is the same in every sandbox, because it is
# among the files that a source is then said to depend on. This one, of the C library, is empty but
# for a few macros.
_MAIN = "/usr/include/stdc-predef.h"

def _impl(ctx):
    toolchain = find_cpp_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    compiler = cc_common.get_tool_for_action(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
    )
    is_clang = "clang" in compiler.split("/")[-1]
    if not is_clang or ctx.var["COMPILATION_MODE"] == "opt":
        return [platform_common.TemplateVariableInfo({"PRECOMPILED": ""}), CcInfo()]

    includes = []
    for header in ctx.attr.headers:
        includes += ["-include", header]
    precompiled = ctx.actions.declare_file(ctx.label.name + ".pch")
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = CPP_COMPILE_ACTION_NAME,
        variables = cc_common.create_compile_variables(
            feature_configuration = features,
            cc_toolchain = toolchain,
            user_compile_flags = ctx.fragments.cpp.copts + ctx.fragments.cpp.cxxopts,
            use_pic = True,
        ),
    )
    ctx.actions.run(
        executable = compiler,
        arguments = flags + [
            # What templates of the header come to is done once, too.
            "-fpch-instantiate-templates",
            # The time of a header's file is another one in each sandbox and on each machine.
            "-Xclang",
            "-fno-pch-timestamp",
        ] + includes + [
            "-x",
            "c++-header",
            _MAIN,
            "-o",
            precompiled.path,
        ],
        env = cc_common.get_environment_variables(
            feature_configuration = features,
            action_name = CPP_COMPILE_ACTION_NAME,
            variables = cc_common.empty_variables(),
        ),
        inputs = toolchain.all_files,
        outputs = [precompiled],
        mnemonic = "CppPrecompile",
        progress_message = "Precompiling %s" % ctx.label,
    )
    files = depset([precompiled])
    return [
        DefaultInfo(files = files),
        CcInfo(compilation_context = cc_common.create_compilation_context(headers = files)),
        platform_common.TemplateVariableInfo(
            {"PRECOMPILED": "-include-pch " + precompiled.path},
        ),
    ]

precompiled_headers = rule(
    doc = "Precompiles headers of the system.",
    implementation = _impl,
    attrs = {
        "headers": attr.string_list(
            doc = "As they are included.",
            mandatory = True,
        ),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)
