"""@local_config_cc, such that what one machine has compiled another one finds in a shared cache.

    load("//third_party:compiler.bzl", "weft_compiler")

    weft_compiler()

Bazel finds the compiler by itself. With clang it then makes a list of all headers of the system and has
every compilation depend on it: whoever installs a library compiles everything anew. Only the feature
layering_check reads that list, which this workspace does not ask for, hence here it is empty. What a
compilation does depend on, and Bazel does not look at, are the versions of the compiler and of the two
libraries below every program: these are added.

Not for a consumer, who may check layers: their workspace has its own compiler.
"""

load("@bazel_tools//tools/cpp:cc_configure.bzl", "cc_autoconf_impl")

_LIBRARIES = """#include <version>
libc __GLIBC__ __GLIBC_MINOR__
libstdc++ __GLIBCXX__
"""

# Every compilation depends on this file, so that Bazel can say in it what else they depend on.
_KEY = "builtin_include_directory_paths"

def _run(ctx, command):
    result = ctx.execute(command)
    if result.return_code != 0:
        fail("%s:\n%s" % (" ".join([str(word) for word in command]), result.stderr))
    return result.stdout.splitlines()

def _impl(ctx):
    cc_autoconf_impl(ctx)
    ctx.file("module.modulemap", "module \"crosstool\" [system] {\n}\n")
    name = ctx.os.environ.get("CC") or "gcc"
    compiler = ctx.path(name) if name.startswith("/") else ctx.which(name)
    key = ctx.path(_KEY)
    if compiler == None or not key.exists:
        return
    ctx.file("libraries.cc", _LIBRARIES)
    libraries = _run(ctx, [compiler, "-E", "-P", "libraries.cc"])
    versions = _run(ctx, [compiler, "--version"])[:1] + [line for line in libraries if line.startswith("lib")]
    ctx.file(_KEY, ctx.read(key) + "\n" + "\n".join(versions) + "\n")

_repository = repository_rule(
    implementation = _impl,
    # As Bazel's own.
    environ = [
        "ABI_LIBC_VERSION",
        "ABI_VERSION",
        "BAZEL_COMPILER",
        "BAZEL_CXXOPTS",
        "BAZEL_LINKLIBS",
        "BAZEL_LINKOPTS",
        "BAZEL_LLVM_COV",
        "BAZEL_TARGET_CPU",
        "BAZEL_TARGET_LIBC",
        "BAZEL_TARGET_SYSTEM",
        "BAZEL_USE_LLVM_NATIVE_COVERAGE",
        "CC",
        "CPLUS_INCLUDE_PATH",
        "GCOV",
    ],
    configure = True,
)

def weft_compiler():
    """Defines @local_config_cc before Bazel does."""
    _repository(name = "local_config_cc")
