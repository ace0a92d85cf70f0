"""What is left out of the tests for want of packages, and what fails instead."""

import os
import unittest

from benchmarks.formats.testing import node_packages, samples, unittests


class NodePackages(unittest.TestCase):
    def setUp(self):
        self.folder = unittests.folder()
        self.list = samples.write(self.folder, "package-lock.json", {"packages": {}})
        self.modules = node_packages.fetched_for(self.list, self.folder)

    def lacking(self, *packages, modules=""):
        return node_packages.lacking(packages, self.list, self.folder, modules)

    def fetch(self):
        samples.write(self.modules, "axe-core/package.json", {})

    def test_what_was_not_fetched_is_lacking_and_has_its_place_named(self):
        self.assertIn(self.modules, self.lacking("axe-core"))

    def test_what_another_list_has_fetched_is_lacking(self):
        self.fetch()
        samples.write(self.folder, "package-lock.json", {"packages": {"another": {}}})
        self.assertIn("./bazelw fetches", self.lacking("axe-core"))

    def test_what_is_there_is_not_lacking(self):
        self.fetch()
        self.assertEqual(self.lacking("axe-core", "axe-core/package.json", modules=self.modules), "")

    def test_what_was_fetched_and_not_found_fails(self):
        self.fetch()
        with self.assertRaisesRegex(RuntimeError, "the build did not find"):
            self.lacking("axe-core")

    def test_a_package_that_the_list_does_not_name_fails(self):
        self.fetch()
        with self.assertRaisesRegex(RuntimeError, "has no left-pad"):
            self.lacking("axe-core", "left-pad", modules=self.modules)

    def test_the_build_looks_where_bazelw_fetches(self):
        # Raises where the packages are there and the build has not found them.
        said = node_packages.missing()
        self.assertEqual(bool(said), not os.path.isdir(node_packages.NODE_MODULES))


if __name__ == "__main__":
    unittests.main()
