"""@weft_web: where this machine has what tests of the dashboard use, "" where it has none.

    load("@weft_web//:places.bzl", "NODE_MODULES", "PLACES")

    NODE_MODULES   the folder of packages of npm that ./bazelw fills
    PLACES         an environment of a test: WEFT_NODE_MODULES, WEFT_NODE, WEFT_CHROMIUM, WEFT_CHART_JS

They are tools of a test, named by their place and not copied: a machine without them skips it. As the
places are of the test's environment, one that was skipped runs once they are there.
"""

def _place(path):
    return str(path) if path and path.exists else ""

def _weft_web_impl(ctx):
    env = ctx.os.environ
    cache = ""
    if env.get("XDG_CACHE_HOME", "").startswith("/"):
        cache = env["XDG_CACHE_HOME"] + "/weft"
    elif env.get("HOME", "").startswith("/"):
        cache = env["HOME"] + "/.cache/weft"
    modules = _place(ctx.path(cache + "/web/node_modules") if cache else None)
    places = {
        "WEFT_CHART_JS": _place(ctx.path("/usr/share/javascript/chart.js/chart.min.js")),
        "WEFT_CHROMIUM": _place(ctx.which("chromium")),
        "WEFT_NODE": _place(ctx.which("node")),
        "WEFT_NODE_MODULES": modules,
    }
    ctx.file("WORKSPACE", "")
    ctx.file("BUILD.bazel", "")
    ctx.file("places.bzl", "NODE_MODULES = %r\nPLACES = %r\n" % (modules, places))

weft_web_repository = repository_rule(
    implementation = _weft_web_impl,
    environ = ["HOME", "PATH", "XDG_CACHE_HOME"],
    local = True,
)
