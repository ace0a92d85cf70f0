"""A specimen is one source file and one target; a folder of them is one kind of mistake.

    load("//scenarios/specimens:defs.bzl", "specimen", "specimen_folder")

    specimen(
        name = "no_lock",  # no_lock.cc defines kNoLock, which lost_update.h declares
        deps = ["//primitives/threading:lock"],
    )

    specimen_folder(
        name = "lost_update",  # the package's last part; lost_update.h declares and lists them
        specimens = ["no_lock"],
    )

A folder of classic bugs, which are smaller, is one target of several sources:

    classic_folder(
        name = "published",  # the package's last part; published.h declares and lists them
        srcs = ["reorder.cc"],
    )
"""

load("//third_party:precompiled.bzl", "cc_library")

def _declarations(folder):
    return folder + "_declarations"

def specimen(name, deps = []):
    """One specimen: NAME.cc.

    Args:
      name: of the target and its source, and the second half of Specimen::name.
      deps: beside what every specimen uses: struct Specimen, together() and the hooks.
    """
    folder = native.package_name().split("/")[-1]
    cc_library(
        name = name,
        srcs = [name + ".cc"],
        deps = [
            ":" + _declarations(folder),
            "//primitives:annotate",
            "//scenarios:together",
        ] + deps,
    )

def specimen_folder(name, specimens):
    """All specimens of a package: NAME.h declares each and lists them as kAll.

    Args:
      name: the last part of the package's name.
      specimens: the names of its specimen() targets.
    """
    cc_library(
        name = _declarations(name),
        hdrs = [name + ".h"],
        deps = ["//scenarios:scenario"],
    )
    cc_library(
        name = name,
        deps = [":" + _declarations(name)] + [":" + each for each in specimens],
    )

def classic_folder(name, srcs, deps = []):
    """All classic bugs of a package: NAME.h declares each and lists them as kAll.

    Args:
      name: the last part of the package's name.
      srcs: what defines them.
      deps: beside what every one of them uses.
    """
    cc_library(
        name = name,
        srcs = srcs,
        hdrs = [name + ".h"],
        linkopts = ["-pthread"],
        deps = [
            "//scenarios/specimens:classic",
            "//scenarios/specimens:judge",
            "//scenarios/specimens:side_by_side",
        ] + deps,
    )
