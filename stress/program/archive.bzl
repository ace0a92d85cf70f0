"""Static libraries for links that Bazel does not do."""

load("@rules_cc//cc:defs.bzl", "CcInfo")

def _objects_of(library):
    return library.pic_objects if library.pic_objects else library.objects

def _archive_impl(ctx):
    omitted = [each.label for each in ctx.attr.omitted]
    objects = []
    for dep in ctx.attr.deps:
        for linked in dep[CcInfo].linking_context.linker_inputs.to_list():
            if linked.owner in omitted:
                continue
            for library in linked.libraries:
                objects += _objects_of(library)
    joined = ctx.actions.declare_file(ctx.label.name + ".joined")
    arguments = ctx.actions.args()
    arguments.add("rcsD")
    arguments.add(joined)
    arguments.add_all(objects)
    ctx.actions.run(
        executable = "/usr/bin/ar",
        arguments = [arguments],
        inputs = objects,
        outputs = [joined],
        mnemonic = "WeftArchive",
        progress_message = "Archiving %{label}",
    )
    made = ctx.actions.declare_file(ctx.label.name)
    arguments = ctx.actions.args()
    for section, name in ctx.attr.sections.items():
        arguments.add("--rename-section")
        arguments.add(section + "=" + name)
    arguments.add("--enable-deterministic-archives")
    arguments.add(joined)
    arguments.add(made)
    ctx.actions.run(
        executable = "/usr/bin/objcopy",
        arguments = [arguments],
        inputs = [joined],
        outputs = [made],
        mnemonic = "WeftSections",
        progress_message = "Renaming sections of %{label}",
    )
    return [DefaultInfo(files = depset([made]))]

archive = rule(
    doc = "One static library with the objects of `deps` and of what they depend on.",
    implementation = _archive_impl,
    attrs = {
        "deps": attr.label_list(providers = [CcInfo]),
        "omitted": attr.label_list(doc = "Dependencies whose objects stay out."),
        "sections": attr.string_dict(
            doc = "Sections that get other names, by which the linker tells where they lie.",
        ),
    },
)
