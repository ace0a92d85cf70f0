"""Groups of packages that name who may not depend on a room."""

def everyone_but(name, rooms):
    """A package_group of every package of every repository, except this repository's `rooms`.

    Args:
      name: of the group.
      rooms: folders in the root of this repository.
    """

    # Up to Bazel 5, "//..." means every package of every repository. Since Bazel 6 it means this
    # repository's, and "public", which earlier ones do not parse, means all.
    everyone = "public" if hasattr(native, "package_relative_label") else "//..."
    native.package_group(
        name = name,
        packages = [everyone] + ["-//%s/..." % room for room in rooms],
    )
