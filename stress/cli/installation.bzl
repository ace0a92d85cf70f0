"""The command `weft` with all that lies beside it, as it can be copied elsewhere."""

def _installation_impl(ctx):
    files = []
    for target, path in ctx.attr.files.items():
        source = target[DefaultInfo].files.to_list()
        if len(source) != 1:
            fail("%s: %s is not one file" % (ctx.label, target.label))
        for place in path.split(" "):
            made = ctx.actions.declare_file(place)

            # A copy: the command looks for its files beside itself.
            ctx.actions.run_shell(
                command = "cp -L \"$1\" \"$2\" && chmod 755 \"$2\"",
                arguments = [source[0].path, made.path],
                inputs = source,
                outputs = [made],
                mnemonic = "WeftInstall",
                progress_message = "Installing " + place,
            )
            files.append(made)
    executable = [each for each in files if each.basename == ctx.label.name]
    return [DefaultInfo(
        executable = executable[0],
        files = depset(files),
        runfiles = ctx.runfiles(files = files),
    )]

installation = rule(
    doc = "Files at given places below this package's folder; the one of the target's name is run.",
    implementation = _installation_impl,
    attrs = {
        "files": attr.label_keyed_string_dict(
            doc = "File -> its places, separated by spaces.",
            allow_files = True,
        ),
    },
    executable = True,
)
