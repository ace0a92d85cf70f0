"""@weft_web: where this machine has the dashboard's charts and what tests of it use, "" where it has none.

    load("@weft_web//:places.bzl", "PLACES")

    PLACES              an environment of a test: WEFT_NODE_MODULES, WEFT_CACHE, WEFT_NODE, WEFT_CHROMIUM
    @weft_web//:charts  chart.js and its licences, chart.LICENSE.txt: both empty where they are not there

Tools of a test are named by their place and not copied: a machine without them skips it. As the places are
of the test's environment, one that was skipped runs once they are there.
"""

def _place(path):
    return str(path) if path and path.exists else ""

def _cache(ctx):
    """Where ./bazelw keeps what it fetches; None where the environment names no home."""
    env = ctx.os.environ
    if env.get("XDG_CACHE_HOME", "").startswith("/"):
        return ctx.path(env["XDG_CACHE_HOME"] + "/weft")
    if env.get("HOME", "").startswith("/"):
        return ctx.path(env["HOME"] + "/.cache/weft")
    return None

def _modules(ctx, cache):
    """The packages that ./bazelw has fetched for this tree's list of them, or None."""
    sum = ctx.execute(["sha256sum", ctx.path(ctx.attr._list)])
    if not cache or sum.return_code != 0:
        return None
    modules = ctx.path("%s/web-%s/node_modules" % (cache, sum.stdout.split(" ")[0]))
    return modules if modules.exists else None

def _weft_web_impl(ctx):
    cache = _cache(ctx)
    modules = _modules(ctx, cache)
    places = {
        "WEFT_CACHE": _place(cache),
        "WEFT_CHROMIUM": _place(ctx.which("chromium")),
        "WEFT_NODE": _place(ctx.which("node")),
        "WEFT_NODE_MODULES": _place(modules),
    }
    ctx.file("WORKSPACE", "")
    ctx.file("places.bzl", "PLACES = %r\n" % places)

    # What Chart.js has within it comes with a licence of its own.
    licences = []
    if modules:
        ctx.symlink("%s/chart.js/dist/chart.umd.min.js" % modules, "chart.js")
        licences = [ctx.read("%s/%s/LICENSE.md" % (modules, of)) for of in ["chart.js", "@kurkle/color"]]
    else:
        ctx.file("chart.js", "")
    ctx.file("chart.LICENSE.txt", "\n".join(licences))
    ctx.file("BUILD.bazel", """filegroup(
    name = "charts",
    srcs = [
        "chart.LICENSE.txt",
        "chart.js",
    ],
    visibility = ["//visibility:public"],
)
""")

weft_web_repository = repository_rule(
    implementation = _weft_web_impl,
    attrs = {"_list": attr.label(default = "//benchmarks/dashboard/browser:package-lock.json")},
    environ = ["HOME", "PATH", "XDG_CACHE_HOME"],
    local = True,
)
