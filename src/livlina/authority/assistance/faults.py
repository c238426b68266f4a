"""Why something about assistance cannot be done: sentences for whoever tried."""


class AssistanceRefused(Exception):
    """Det går inte att göra; texten säger varför."""


class TimeRefused(AssistanceRefused):
    """Tiden kan inte skrivas in; texten säger varför."""


class AccountRefused(AssistanceRefused):
    """Månaden kan inte redovisas; texten säger varför."""
