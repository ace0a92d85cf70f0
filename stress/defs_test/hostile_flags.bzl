"""A test run again as if the command line asked for the contrary of what its build is for."""

def _hostile_flags_impl(_settings, _attr):
    return {
        "//command_line_option:compilation_mode": "dbg",
        "//command_line_option:copt": ["-O0", "-DNDEBUG", "-fsanitize=undefined", "-fsanitize=bounds"],
        "//command_line_option:cxxopt": ["-std=c++20", "-O0", "-DNDEBUG"],
        "//command_line_option:linkopt": ["-fuse-ld=lld", "-fsanitize=undefined"],
    }

_hostile_flags = transition(
    implementation = _hostile_flags_impl,
    inputs = [],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
        "//command_line_option:cxxopt",
        "//command_line_option:linkopt",
    ],
)

def _hostile_flags_test_impl(ctx):
    inner = ctx.attr.test[0]
    test = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = test,
        target_file = inner[DefaultInfo].files_to_run.executable,
        is_executable = True,
    )
    return [DefaultInfo(executable = test, runfiles = inner[DefaultInfo].default_runfiles)]

hostile_flags_test = rule(
    implementation = _hostile_flags_test_impl,
    attrs = {
        "data": attr.label_list(doc = "For the $(location ...)s in args."),
        "test": attr.label(
            mandatory = True,
            cfg = _hostile_flags,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    test = True,
)
