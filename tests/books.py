"""Which books are there to look at: those that `make test` builds, and whatever else is built."""

from lib.book.layout import OWN_ROOT, Layout, codes

#: The studies whose books `make test` builds; see the Makefile.
FIRST = ("ja", "is", "et")


def built() -> list[str]:
    """Their codes, and those of every other study whose book is built."""
    return [code for code in codes(OWN_ROOT) if code in FIRST or Layout(code).results.is_file()]
