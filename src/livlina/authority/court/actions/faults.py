"""Why something for the court cannot be done; the text says it to the person."""


class NotSendable(Exception):
    """Ärendet har inget att skicka till rätten i det här läget."""


class AlreadyProved(Exception):
    """Det finns redan bevis på att handlingarna har kommit in till rätten."""


class ProofWrong(Exception):
    """Beviset räcker inte."""


class AlreadyReported(Exception):
    """Beslutet är redan anmält till nämnden."""
