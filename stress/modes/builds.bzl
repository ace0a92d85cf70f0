"""Builds: named sets of flags that a program and all that it depends on are compiled with.

The rules here wrap a program in a Starlark transition on their `program` attribute. The wrapper
itself stays in the configuration of the command line, hence its logs, its name and its place in
bazel-bin are those of any other target; the program below it is compiled by its build, whatever
the command line says. Only copt and linkopt carry the flags, and no feature of the toolchain, so
that this works from Bazel 4.2 on.
"""

# Half the time of compilation, where a test is instrumented, goes into inlining what its assertions
# expand to. Not for the explorer: whatever calls std::mutex::lock() would be one place to it.
_INLINE_LITTLE = "-mllvm=-inline-threshold=25"

# compile, link: flags for every compilation and every link of the program and its dependencies.
# The linked sanitizer runtimes are clang's; -fsanitize-link-c++-runtime because Bazel links with
# the C driver, which leaves out what UBSan's vptr check needs. The sanitizers' builds carry lines
# and no more debugging information, because that is what their reports print, and the time of
# compilation counts; and they leave out object-size, whose cases AddressSanitizer finds as well.
BUILDS = {
    "asan": struct(
        compile = [
            "-O1",
            "-gline-tables-only",
            _INLINE_LITTLE,
            "-fno-omit-frame-pointer",
            "-fno-optimize-sibling-calls",
            "-fsanitize=address,undefined",
            "-fno-sanitize=object-size",
            "-fno-sanitize-recover=all",
            "-D_GLIBCXX_ASSERTIONS",
        ],
        link = [
            "-fsanitize=address,undefined",
            "-fsanitize-link-c++-runtime",
        ],
    ),
    # Compiled as for ThreadSanitizer and linked without it: the explorer's runtime is in its place.
    "explore": struct(
        compile = [
            "-O1",
            "-gline-tables-only",
            "-fno-omit-frame-pointer",
            "-fno-optimize-sibling-calls",
            "-fsanitize=thread",
            "-D_GLIBCXX_ASSERTIONS",
            "-DWEFT_EXPLORE",
        ],
        link = [],
    ),
    # Every function is called, so each is a place where a test can stop a process.
    "points": struct(
        compile = [
            "-O2",
            "-UNDEBUG",
            "-g1",
            "-fno-inline",
            "-fno-omit-frame-pointer",
            "-fno-optimize-sibling-calls",
            "-D_GLIBCXX_ASSERTIONS",
        ],
        link = [],
    ),
    "release": struct(
        compile = [
            "-O2",
            "-DNDEBUG",
            "-g",
        ],
        link = [],
    ),
    # The search over a whole program: a library that the program loads.
    "search": struct(
        compile = [
            "-O2",
            "-g1",
            "-fvisibility=hidden",
            "-DWEFT_EXPLORE",
        ],
        link = [],
    ),
    "stress": struct(
        compile = [
            "-O2",
            "-UNDEBUG",
            "-g",
            "-fno-omit-frame-pointer",
            "-D_GLIBCXX_ASSERTIONS",
        ],
        link = [],
    ),
    "tsan": struct(
        compile = [
            "-O1",
            "-gline-tables-only",
            _INLINE_LITTLE,
            "-fno-omit-frame-pointer",
            "-fno-optimize-sibling-calls",
            "-fsanitize=thread",
            "-D_GLIBCXX_ASSERTIONS",
        ],
        link = ["-fsanitize=thread"],
    ),
}

# What a build decides is its own: of the flags that it inherits (the command line's, or an outer
# build's) those with such a beginning are dropped.
_DECIDED = [
    "-O",
    "-DNDEBUG",
    "-UNDEBUG",
    "-DWEFT_EXPLORE",
    "-D_GLIBCXX_ASSERTIONS",
    "-D_FORTIFY_SOURCE",
    "-fsanitize",
    "-fno-sanitize",
    "-fno-inline",
    "-fno-omit-frame-pointer",
    "-fomit-frame-pointer",
    "-fno-optimize-sibling-calls",
    _INLINE_LITTLE,
]

def _is_decided(flag):
    if flag in ["-g", "-g0", "-gline-tables-only"]:
        return True
    for beginning in _DECIDED:
        if flag.startswith(beginning):
            return True
    return False

def _inherited(flags):
    return [f for f in flags if not _is_decided(f)]

# The build by its name, for select(): //stress/modes:explored.
_BUILD = str(Label("//stress/modes:build"))
_COPT = "//command_line_option:copt"
_CXXOPT = "//command_line_option:cxxopt"
_CONLYOPT = "//command_line_option:conlyopt"
_LINKOPT = "//command_line_option:linkopt"

def _build_transition_impl(settings, attr):
    build = BUILDS[attr.build]
    return {
        _BUILD: attr.build,
        _COPT: _inherited(settings[_COPT]) + build.compile,
        _CXXOPT: _inherited(settings[_CXXOPT]),
        _CONLYOPT: _inherited(settings[_CONLYOPT]),
        _LINKOPT: _inherited(settings[_LINKOPT]) + build.link,
        # The toolchain's flags for a compilation mode come before copt; fastbuild's are the fewest.
        "//command_line_option:compilation_mode": "fastbuild",
        # One static program: every part of it has the flags.
        "//command_line_option:dynamic_mode": "off",
        # A stripped program's stacks have no lines.
        "//command_line_option:strip": "never",
    }

build_transition = transition(
    implementation = _build_transition_impl,
    inputs = [
        _COPT,
        _CXXOPT,
        _CONLYOPT,
        _LINKOPT,
    ],
    outputs = [
        _BUILD,
        _COPT,
        _CXXOPT,
        _CONLYOPT,
        _LINKOPT,
        "//command_line_option:compilation_mode",
        "//command_line_option:dynamic_mode",
        "//command_line_option:strip",
    ],
)

def _build_name_impl(ctx):
    known = ["none"] + BUILDS.keys()
    if ctx.build_setting_value not in known:
        fail("%s is set by the rules of this package alone, to one of %s" % (ctx.label, known))

build_name = rule(
    doc = "The name of the build that a target is compiled in; \"none\" in the command line's own.",
    implementation = _build_name_impl,
    build_setting = config.string(),
)

# Attributes of a rule that wraps a program in a build.
BUILD_ATTRS = {
    "build": attr.string(
        doc = "The build: a key of BUILDS.",
        mandatory = True,
        values = BUILDS.keys(),
    ),
    "data": attr.label_list(
        doc = "Files the program finds among its runfiles, built as the command line says.",
        allow_files = True,
    ),
    "program": attr.label(
        doc = "The cc_binary to wrap.",
        mandatory = True,
        cfg = build_transition,
        executable = True,
    ),
    "_allowlist_function_transition": attr.label(
        default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
    ),
}

def program_of(ctx):
    """The wrapped program's DefaultInfo. (An attribute with a transition is a list.)"""
    program = ctx.attr.program
    return (program[0] if type(program) == "list" else program)[DefaultInfo]

def link_program(ctx):
    """Links to the program under the wrapper's name.

    Args:
      ctx: of a rule with BUILD_ATTRS.

    Returns:
      The wrapper's DefaultInfo.
    """
    wrapper = ctx.actions.declare_file(ctx.label.name)
    program = program_of(ctx)
    ctx.actions.symlink(
        output = wrapper,
        target_file = program.files_to_run.executable,
        is_executable = True,
    )
    runfiles = ctx.runfiles(files = ctx.files.data).merge(program.default_runfiles)
    for data in ctx.attr.data:
        runfiles = runfiles.merge(data[DefaultInfo].default_runfiles)
    return DefaultInfo(executable = wrapper, runfiles = runfiles)

def _built_test_impl(ctx):
    env = {k: ctx.expand_location(v, ctx.attr.data) for k, v in ctx.attr.env.items()}
    return [link_program(ctx), testing.TestEnvironment(env)]

built_test = rule(
    doc = "A test that is its program in a build.",
    implementation = _built_test_impl,
    attrs = dict(BUILD_ATTRS, env = attr.string_dict(doc = "The test's environment.")),
    test = True,
)

def _built_binary_impl(ctx):
    return [link_program(ctx)]

built_binary = rule(
    doc = "A program to run that is compiled in a build.",
    implementation = _built_binary_impl,
    attrs = BUILD_ATTRS,
    executable = True,
)
