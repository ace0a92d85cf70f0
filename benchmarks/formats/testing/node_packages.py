"""The packages of npm that tests use, where ./bazelw has fetched them for this tree's list of them.

Thread safety: constants and pure functions.
Invariants:    (I1) a test is left out only where the machine has not what it needs. Where the packages were
                    fetched and the build did not find them, or one is not among them, the test fails: it
                    would be left out for ever, and nobody would know.
"""

import hashlib
import os

NODE, CHROMIUM, NODE_MODULES, CACHE = (
    os.environ.get(f"WEFT_{name}", "") for name in ("NODE", "CHROMIUM", "NODE_MODULES", "CACHE"))
LIST = "benchmarks/dashboard/browser/package-lock.json"


def fetched_for(path, cache):
    """Where ./bazelw puts the packages of the list at `path`; no folder is there before it did."""
    with open(path, "rb") as stream:
        return os.path.join(cache, f"web-{hashlib.sha256(stream.read()).hexdigest()}", "node_modules")


def lacking(packages, path, cache, modules):
    """Why there are no such packages, in words; empty if they are there."""
    place = fetched_for(path, cache)
    if not modules:
        if cache and os.path.isdir(place):
            raise RuntimeError(f"the build did not find the packages of npm that are in {place}")
        return f"the packages of npm that {path} names, which ./bazelw fetches into {place}"
    for name in packages:
        if not os.path.exists(os.path.join(modules, name)):
            raise RuntimeError(f"{modules} has no {name}: {path} must name it")
    return ""


def missing(*packages, programs=None):
    """What this machine has not of these, in words; empty if it has all.

    Args:
      packages: folders or files below NODE_MODULES.
      programs: name -> its place, empty where there is none.
    """
    lacks = [name for name, place in (programs or {}).items() if not place]
    lacks.append(lacking(packages, LIST, CACHE, NODE_MODULES))
    return ", ".join(each for each in lacks if each)


def path_of(name):
    return os.path.join(NODE_MODULES, name)
