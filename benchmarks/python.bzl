"""Python programs and their tests, of the standard library alone: what reads results needs parsers
of XML and JSON more than it needs speed, and Bazel's own package brings the interpreter.

Not Bazel's py_binary: the launcher of release 4 calls for a `python` that Debian does not have.
"""

def _runfiles(ctx):
    files = ctx.runfiles(files = ctx.files.srcs + ctx.files.data)
    for dep in ctx.attr.deps + ctx.attr.data:
        files = files.merge(dep[DefaultInfo].default_runfiles)
    return files

def _library_impl(ctx):
    return [DefaultInfo(files = depset(ctx.files.srcs), runfiles = _runfiles(ctx))]

_ATTRS = {
    "srcs": attr.label_list(allow_files = [".py"]),
    "deps": attr.label_list(),
    "data": attr.label_list(allow_files = True),
}

python_library = rule(
    doc = "Modules, imported by their paths from the root of the tree.",
    implementation = _library_impl,
    attrs = _ATTRS,
)

# The tree's root is found beside the program, or, where it is a file of another program, above it.
_LAUNCHER = """#!/bin/sh
folder=$(cd "$(dirname "$0")" && pwd) || exit 1
program=$folder/${{0##*/}}
root=$program.runfiles/{repository}
[ -d "$root" ] || root=${{program%/{path}}}
exec python3 {flags} -B -c 'import runpy, sys
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)' "$root" {module} "$@"
"""

def _launched(ctx, flags):
    program = ctx.actions.declare_file(ctx.label.name)
    path = program.short_path
    repository = ctx.workspace_name
    if path.startswith("../"):
        repository, _, path = path[len("../"):].partition("/")
    main = [f for f in ctx.files.srcs if f.basename == ctx.attr.main]
    if len(main) != 1:
        fail("%s: srcs has no file %s" % (ctx.label, ctx.attr.main))
    module = ctx.label.package.replace("/", ".") + "." + ctx.attr.main[:-len(".py")]
    ctx.actions.write(
        output = program,
        content = _LAUNCHER.format(
            repository = repository,
            path = path,
            flags = flags,
            module = module,
        ),
        is_executable = True,
    )
    return [DefaultInfo(executable = program, runfiles = _runfiles(ctx))]

def _program_impl(ctx):
    # Apart from whatever the machine has installed for Python.
    return _launched(ctx, "-I -S")

python_program = rule(
    doc = "A program to run.",
    implementation = _program_impl,
    attrs = dict(_ATTRS, main = attr.string(default = "main.py")),
    executable = True,
)

def _test_impl(ctx):
    # With the machine's packages: some are references to compare with, where they are installed.
    return _launched(ctx, "-I") + [testing.TestEnvironment(ctx.attr.env)]

_python_test = rule(
    implementation = _test_impl,
    attrs = dict(_ATTRS, env = attr.string_dict(), main = attr.string()),
    test = True,
)

def python_test(name, deps = [], **kwargs):
    """The unittest.TestCase classes of a file, run by //benchmarks/formats/testing:unittests.

    Args:
      name: of the target and, with .py, of the file.
      deps: of the test.
      **kwargs: as of any test.
    """
    _python_test(
        name = name,
        srcs = [name + ".py"],
        main = name + ".py",
        deps = deps + [Label("//benchmarks/formats/testing:unittests")],
        **kwargs
    )
