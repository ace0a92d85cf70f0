"""Texts in the tree are texts in the page, whatever they are."""

import json
import unittest

from benchmarks.dashboard.markup import Data, document, tag
from benchmarks.dashboard.site_for_test import Reader
from benchmarks.formats.testing import hostile, unittests


class Markup(unittest.TestCase):
    def test_each_hostile_name_comes_back_as_one_text_and_one_value(self):
        for name in hostile.names():
            page = Reader(document(tag("p", name, title=name)))
            (element, attributes), = page.elements
            self.assertEqual((element, [key for key, _ in attributes]), ("p", ["title"]), repr(name))
            text = "".join(page.texts)
            # A line's end before the element, and one behind it.
            self.assertEqual((text[:1], text[-1:]), ("\n", "\n"))
            for got in (attributes[0][1], text[1:-1]):
                self.assertEqual(len(got), len(name), repr(name))
                for a, b in zip(got, name):
                    self.assertIn(a, (b, "\ufffd"), repr(name))

    def test_ordinary_text_is_not_changed(self):
        text = "a <b> & \"c\" 'd' \u00e9 \u4e2d \U0001f41b\n\t"
        page = Reader(document(tag("p", text)))
        self.assertEqual("".join(page.texts), "\n" + text + "\n")

    def test_what_a_browser_would_drop_or_change_is_replaced_or_written_as_a_reference(self):
        text = document(tag("p", "\x00\x01\x1b\x7f\x9b\ud800\ufffe|\r|", title="\r"))
        self.assertIn("\ufffd" * 7 + "|&#13;|", text)
        self.assertIn('title="&#13;"', text)

    def test_data_is_read_as_it_was_and_cannot_end_its_element(self):
        names = hostile.names()
        text = "".join(Data("data", names).parts())
        self.assertEqual(text.count("<"), 2)
        self.assertTrue(text.isascii())
        self.assertEqual(json.loads(text[text.index(">") + 1: text.rindex("<")]), names)

    def test_no_program_and_no_style_can_stand_in_a_page(self):
        for name in ("script", "style"):
            with self.assertRaises(ValueError):
                tag(name, "x")
        with self.assertRaises(ValueError):
            tag("p onclick=x")

    def test_what_is_none_or_false_is_left_out(self):
        self.assertEqual(document(tag("p", None, ["a", None, ("b",)], hidden=True, id=None, x=False)),
                         "<!DOCTYPE html>\n<p hidden>ab</p>\n")


if __name__ == "__main__":
    unittests.main()
