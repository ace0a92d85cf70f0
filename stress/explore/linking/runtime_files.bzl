"""The files of a library, compiled as in a mode of concurrency_test, for a test that links by hand."""

load("//stress/modes:builds.bzl", "BUILD_ATTRS", "build_transition")

def _runtime_file_impl(ctx):
    library = ctx.attr.library[0]
    files = getattr(library[OutputGroupInfo], ctx.attr.group).to_list()
    if len(files) != 1:
        fail("%s has %d files in its output group %s" % (library.label, len(files), ctx.attr.group))
    return [DefaultInfo(files = depset(files), runfiles = ctx.runfiles(files))]

runtime_file = rule(
    doc = "The archive or the shared library of a cc_library.",
    implementation = _runtime_file_impl,
    attrs = {
        "build": BUILD_ATTRS["build"],
        "group": attr.string(
            doc = "The output group that has the file.",
            mandatory = True,
            values = ["archive", "dynamic_library"],
        ),
        "library": attr.label(
            doc = "The cc_library.",
            mandatory = True,
            cfg = build_transition,
        ),
        "_allowlist_function_transition": BUILD_ATTRS["_allowlist_function_transition"],
    },
)
