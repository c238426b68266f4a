"""`livlina alarmd`: the alarm receiver, alone. Nothing of Django is loaded."""

from __future__ import annotations

import argparse

from livlina.alarmd import __main__ as receiver
from livlina.cli.children import tether


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options: the receiver's own, and the demo's word for whose child it is."""
    receiver.arguments(parser)
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Receive until told to stop."""
    tether(options.parent)
    return receiver.run(options)
