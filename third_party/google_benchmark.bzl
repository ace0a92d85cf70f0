"""@google_benchmark: the release's source if the wrapper has fetched it, else the system's library."""

def _cache_folder(ctx):
    """Where ./bazelw keeps the source; null where the environment names no home."""
    env = ctx.os.environ
    if env.get("XDG_CACHE_HOME", "").startswith("/"):
        return env["XDG_CACHE_HOME"] + "/weft"
    if env.get("HOME", "").startswith("/"):
        return env["HOME"] + "/.cache/weft"
    return None

def _google_benchmark_impl(ctx):
    cache = _cache_folder(ctx)
    source = ctx.path(cache + "/google_benchmark") if cache else None
    if source and source.get_child("src").exists:
        for part in ["include", "src"]:
            ctx.symlink(source.get_child(part), part)
        ctx.symlink(ctx.attr._source_build, "BUILD.bazel")
    elif ctx.path("/usr/include/benchmark/benchmark.h").exists:
        # buildifier: disable=print
        print(("Google Benchmark's release source is not at %s: using the system's library, which " +
               "may be a debug build, whose figures are refused. Run ./bazelw once to fetch the source.") %
              (source or "$HOME/.cache/weft/google_benchmark ($HOME is not set)"))
        ctx.symlink(ctx.attr._system_build, "BUILD.bazel")
    else:
        fail("Google Benchmark is neither at %s nor in /usr/include/benchmark: run ./bazelw once." % source)
    ctx.file("WORKSPACE", "")

google_benchmark_repository = repository_rule(
    implementation = _google_benchmark_impl,
    attrs = {
        "_source_build": attr.label(default = "//third_party:google_benchmark.BUILD"),
        "_system_build": attr.label(default = "//third_party:google_benchmark_system.BUILD"),
    },
    environ = ["HOME", "XDG_CACHE_HOME"],
    local = True,
)
