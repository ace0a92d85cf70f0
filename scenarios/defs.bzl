"""scenario: an example of the documents as a library for tests and a program for people.

    load("//scenarios:defs.bzl", "scenario")

    scenario(
        name = "pipeline",  # pipeline.h declares kPipeline, pipeline.cc defines it
        deps = ["//primitives/queue"],
    )

makes the library :pipeline_scenario and the program :pipeline, so that
`bazel run //scenarios/queue:pipeline` shows it. scenarios/all.cc lists it.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")
load("//third_party:precompiled.bzl", "cc_library")

def scenario(name, deps = []):
    """Makes the library and the program of one scenario.

    Args:
      name: in snake_case; NAME.h declares the scenario, a constant named k and NAME in CamelCase.
      deps: what the example uses. The scenarios' own vocabulary comes by itself.
    """
    library = name + "_scenario"
    cc_library(
        name = library,
        srcs = [name + ".cc"],
        hdrs = [name + ".h"],
        deps = deps + [
            Label("//scenarios:judging"),
            Label("//scenarios:scenario"),
        ],
    )
    cc_binary(
        name = name,
        srcs = [Label("//scenarios:program_main.cc")],
        linkopts = ["-pthread"],
        local_defines = ["WEFT_SCENARIO=k" + "".join([word.capitalize() for word in name.split("_")])],
        deps = [
            ":" + library,
            Label("//scenarios:program"),
        ],
    )
