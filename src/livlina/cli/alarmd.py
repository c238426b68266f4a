"""`livlina alarmd`: the alarm receiver, alone. Nothing of Django is loaded."""

from livlina.alarmd.__main__ import arguments, run

__all__ = ["arguments", "run"]
