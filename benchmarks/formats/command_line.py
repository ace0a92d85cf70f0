"""What the programs that read results have in common when they are called.

Thread safety: one thread, at the start.
"""

import argparse
import os


def parser_of(program, description):
    """Reads no flag by its beginning: a later version may have another that begins so too."""
    return argparse.ArgumentParser(prog=program, description=description, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)


def stand_where_the_user_stands():
    """Under `bazel run` the current folder is one of Bazel's."""
    folder = os.environ.get("BUILD_WORKING_DIRECTORY")
    if folder:
        os.chdir(folder)


def positive(kind):
    """The type of an argument: a number of that kind, above zero."""
    def read(text):
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from None
        if not 0 < value < 1e9:
            raise argparse.ArgumentTypeError(f"{text} is not above zero, or too large")
        return value
    return read
