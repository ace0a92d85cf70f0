"""What is wrong with an input, in a sentence for whoever gave it."""


class InputError(Exception):
    """Names the file, what is wrong in it, and, where that is known, what to do."""
