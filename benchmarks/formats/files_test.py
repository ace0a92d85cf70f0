"""A file is the old one or the new one, whenever its writer is interrupted."""

import os
import unittest
from unittest import mock

from benchmarks.formats import files
from benchmarks.formats.testing import unittests


class Files(unittest.TestCase):
    def test_an_interrupt_leaves_the_old_one_or_the_new_one_and_nothing_beside(self):
        folder = unittests.folder()
        path = os.path.join(folder, "figures")
        really = os.replace

        def interrupted_before(*_):
            raise KeyboardInterrupt

        def interrupted_after(*arguments):
            really(*arguments)
            raise KeyboardInterrupt

        files.write_whole(path, b"old")
        for replace, content in ((interrupted_before, b"old"), (interrupted_after, b"new")):
            with mock.patch.object(files.os, "replace", replace):
                with self.assertRaises(KeyboardInterrupt):
                    files.write_whole(path, b"new")
            with open(path, "rb") as stream:
                self.assertEqual(stream.read(), content)
            self.assertEqual(os.listdir(folder), ["figures"])


if __name__ == "__main__":
    unittests.main()
