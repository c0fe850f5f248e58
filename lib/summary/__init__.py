"""What do the chapters' results say, taken together?  Recorded numbers and verdicts in, claims and
findings out.

Nothing is estimated here, and no number is judged that a chapter owns: its verdict and threshold
are read where they were recorded, so that a threshold changed in a chapter reaches every page that
tells of it.

    claims      the source study's claims, each on every panel of models that can test it
    findings    what carries over, what local text changes, what no chapter settles
"""


class SummaryError(ValueError):
    """Recorded results cannot be told of; the message lists every reason, one a line."""
