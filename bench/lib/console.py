"""What the person who waits gets to see."""

import sys


class Trouble(Exception):
    """What went wrong, and what to do about it, for the person at the terminal."""


def progress(text):
    """One line on standard error; the report alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)
