"""How a file leaves the house: by hand, or through an adapter of a few lines.

No machine interface of the receiver could be read here, so the house itself has only the way by hand: the file is
fetched, put in the authority's e-service, and the receipt typed in. `settings.STATISTICS_SENDER` may name another:
a dotted path to a function `send(name, content) -> str` that returns the receipt.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

Sender = Callable[[str, bytes], str]
"""Takes the file's name and bytes, returns the receipt. Raises NoAnswer or Refusal; anything else counts as NoAnswer."""


class NoAnswer(Exception):
    """Mottagaren svarade inte i tid. Vi vet inte om filen kom fram."""


class Refusal(Exception):
    """Mottagaren tog inte emot filen."""


def sender() -> Sender | None:
    """Return the municipality's adapter, or None when files are sent by hand."""
    name = getattr(settings, "STATISTICS_SENDER", "")
    return import_string(name) if name else None
