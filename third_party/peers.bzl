"""@weft_peers: the libraries that benchmarks compare with, as far as this machine has them.

A peer is one cc_library, always there. Where the system has it, it brings the link flags and the
definition WEFT_HAVE_<NAME>=1; where not, it is empty, and the benchmark reports the peer as absent:

    @weft_peers//:boost         WEFT_HAVE_BOOST         its libraries of headers (lockfree, asio, ...)
    @weft_peers//:boost_context WEFT_HAVE_BOOST_CONTEXT fibers
    @weft_peers//:onetbb        WEFT_HAVE_ONETBB
    @weft_peers//:abseil        WEFT_HAVE_ABSEIL
    @weft_peers//:eigen         WEFT_HAVE_EIGEN         <unsupported/Eigen/CXX11/ThreadPool>
    @weft_peers//:moodycamel    WEFT_HAVE_MOODYCAMEL    <concurrentqueue.h> and its blocking twin
"""

_HEADER = """load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])
"""

_LIBRARY = """
cc_library(
    name = "{name}",
    hdrs = glob(["{name}/**"]),
    defines = {defines},
    includes = {includes},
    linkopts = {linkopts},
)
"""

# Each peer by the header that shows that it is there, with the folders that may hold it (none
# where the compiler searches it by itself), and the beginning of the file names of the libraries
# to link ("" for a peer of headers alone).
_PEERS = {
    "abseil": struct(
        folders = [],
        header = "/usr/include/absl/synchronization/mutex.h",
        libraries = "libabsl_",
    ),
    "boost": struct(
        folders = [],
        header = "/usr/include/boost/lockfree/queue.hpp",
        libraries = "",
    ),
    "boost_context": struct(
        folders = [],
        header = "/usr/include/boost/context/fiber.hpp",
        libraries = "libboost_context.",
    ),
    "eigen": struct(
        folders = ["/usr/include/eigen3"],
        header = "unsupported/Eigen/CXX11/ThreadPool",
        libraries = "",
    ),
    "moodycamel": struct(
        folders = [
            "/usr/include/concurrentqueue/moodycamel",
            "/usr/include/concurrentqueue",
        ],
        header = "concurrentqueue.h",
        libraries = "",
    ),
    "onetbb": struct(
        folders = [],
        header = "/usr/include/oneapi/tbb/concurrent_queue.h",
        libraries = "libtbb.",
    ),
}

_LIBRARY_FOLDERS = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
]

def _link_flags(ctx, prefix):
    """The -l flags of the libraries whose file names begin with prefix, each once and in order."""
    names = {}
    for folder in [ctx.path(f) for f in _LIBRARY_FOLDERS]:
        for entry in folder.readdir() if folder.exists else []:
            stem, _, suffix = entry.basename.rpartition(".")
            if entry.basename.startswith(prefix) and suffix in ["a", "so"]:
                names["-l" + stem[len("lib"):]] = True
    return ["-Wl,--as-needed"] + sorted(names) if names else []

def _find(ctx, peer):
    """(is it there, the folder of its headers or None)"""
    if not peer.folders:
        return ctx.path(peer.header).exists, None
    for folder in peer.folders:
        if ctx.path(folder + "/" + peer.header).exists:
            return True, folder
    return False, None

def _weft_peers_impl(ctx):
    text = _HEADER
    for name, peer in _PEERS.items():
        present, folder = _find(ctx, peer)
        linkopts = _link_flags(ctx, peer.libraries) if peer.libraries else []
        if peer.libraries and not linkopts:
            present = False
        if present and folder:
            ctx.symlink(folder, name)
        text += _LIBRARY.format(
            name = name,
            defines = repr(["WEFT_HAVE_%s=1" % name.upper()] if present else []),
            includes = repr([name] if present and folder else []),
            linkopts = repr(linkopts if present else []),
        )
    ctx.file("BUILD.bazel", text)
    ctx.file("WORKSPACE", "")

weft_peers_repository = repository_rule(
    implementation = _weft_peers_impl,
    local = True,
)
