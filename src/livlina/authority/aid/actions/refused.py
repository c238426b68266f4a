"""Why something in financial aid was not done."""


class AidRefused(Exception):
    """Det går inte att göra; texten säger varför, för den som försökte."""
