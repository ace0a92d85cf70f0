"""Values of odd kinds, for every place of a document: for tests of all that reads JSON.

Thread safety: pure functions.
"""

import copy

ODD = [None, True, 0, -1, 1.5, 1e308, "", "x", [], {}, [1], {"a": 1}, "9" * 400, float("inf"),
       10 ** 400]


def places_of(node, path=()):
    """The paths of all values in a document."""
    yield path
    if isinstance(node, dict):
        for key in node:
            yield from places_of(node[key], path + (key,))
    elif isinstance(node, list):
        for index in range(len(node)):
            yield from places_of(node[index], path + (index,))


def changed(document, path, value):
    document = copy.deepcopy(document)
    if not path:
        return value
    at = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document
