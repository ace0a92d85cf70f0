"""Writes files that others read.

Thread safety: any thread.
"""

import contextlib
import os
import tempfile


def write_whole(path, data):
    """Replaces a file at once: who reads it sees the old one or the new one."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        # An interrupt may come when it is in its place already.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
