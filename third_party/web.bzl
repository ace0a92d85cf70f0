"""@weft_web: where ./bazelw has put the packages of npm that tests of the dashboard use.

    load("@weft_web//:places.bzl", "NODE_MODULES")   a folder; "" where there is none

They are tools of a test, named by their place and not copied: a machine without them skips it.
"""

def _weft_web_impl(ctx):
    env = ctx.os.environ
    cache = ""
    if env.get("XDG_CACHE_HOME", "").startswith("/"):
        cache = env["XDG_CACHE_HOME"] + "/weft"
    elif env.get("HOME", "").startswith("/"):
        cache = env["HOME"] + "/.cache/weft"
    modules = ctx.path(cache + "/web/node_modules") if cache else None
    place = str(modules) if modules and modules.exists else ""
    ctx.file("WORKSPACE", "")
    ctx.file("BUILD.bazel", "")
    ctx.file("places.bzl", "NODE_MODULES = \"%s\"\n" % place.replace("\\", "\\\\").replace("\"", "\\\""))

weft_web_repository = repository_rule(
    implementation = _weft_web_impl,
    environ = ["HOME", "XDG_CACHE_HOME"],
    local = True,
)
