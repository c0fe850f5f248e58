"""What did somebody give us?  A path in; text, rows, a document or its checked content out, or
every problem in words for people.

    files      a path -> bytes, text, rows; what is wrong, in words
    documents  text of YAML or JSON -> plain values that know their lines
    forms      a document -> its content, every key and value as a form has it

Everything that is read is untrusted: a study's files, exports, what was filled in.
"""

from lib.reading.files import (
    InputError,
    Problem,
    Row,
    amiss,
    content,
    content_if_there,
    escaped,
    is_date,
    is_line,
    rows,
    shown,
    text,
)

__all__ = [
    "InputError",
    "Problem",
    "Row",
    "amiss",
    "content",
    "content_if_there",
    "escaped",
    "is_date",
    "is_line",
    "rows",
    "shown",
    "text",
]
