"""The register of units: what each is, at whose home, with which buttons, and how it came to be in use."""

from livlina.provider.alarms.actions.signals import told

__all__ = ["told"]
