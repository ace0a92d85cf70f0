"""Every external repository of a build by WORKSPACE, taken from the system; nothing is downloaded.

A consumer's WORKSPACE calls weft_repositories() too; a repository that it has already defined under
one of the names stays as it is. MODULE.bazel has the same names from the central registry.
"""

load(
    ":debian.bzl",
    "COVERAGE_TOOLS_STUB",
    "RULES_JAVA_STUB",
    "RULES_PYTHON_STUB",
    "RULES_SHELL_STUB",
    "debian_repository",
    "debian_rules_cc",
)
load(":google_benchmark.bzl", "google_benchmark_repository")
load(":peers.bzl", "weft_peers_repository")
load(":web.bzl", "weft_web_repository")

def _maybe(rule, name, **kwargs):
    if not native.existing_rule(name):
        rule(name = name, **kwargs)

def weft_repositories():
    """Defines @rules_cc, @rules_shell, @bazel_skylib, @googletest, @google_benchmark, @rapidcheck, @weft_peers and @weft_web."""
    _maybe(debian_rules_cc, "rules_cc")
    _maybe(
        debian_repository,
        "bazel_skylib",
        package = "bazel-skylib",
        path = "/usr/share/bazel/tools/skylib",
    )
    _maybe(
        debian_repository,
        "rules_java",
        path = "/usr/share/bazel/rules/java",
        stub = RULES_JAVA_STUB,
    )
    _maybe(
        debian_repository,
        "rules_python",
        path = "/usr/share/bazel/rules/python",
        stub = RULES_PYTHON_STUB,
    )
    _maybe(debian_repository, "rules_shell", stub = RULES_SHELL_STUB)
    _maybe(debian_repository, "remote_coverage_tools", stub = COVERAGE_TOOLS_STUB)
    _maybe(
        native.new_local_repository,
        "googletest",
        build_file = "@weft//third_party:googletest.BUILD",
        path = "/usr/src/googletest",
    )
    _maybe(
        native.new_local_repository,
        "rapidcheck",
        build_file = "@weft//third_party:rapidcheck.BUILD",
        path = "/usr/include/rapidcheck",
    )
    _maybe(google_benchmark_repository, "google_benchmark")
    _maybe(weft_peers_repository, "weft_peers")
    _maybe(weft_web_repository, "weft_web")
