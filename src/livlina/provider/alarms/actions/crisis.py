"""Silence of many at once, and the crisis plan it opens."""

from livlina.provider.alarms.actions.rounds import (
    Pressed,
    RoundRefused,
    close_round,
    hand_over,
    open_round,
    press,
    watch_the_silent,
)
from livlina.provider.alarms.actions.silence import told

__all__ = [
    "Pressed",
    "RoundRefused",
    "close_round",
    "hand_over",
    "open_round",
    "press",
    "told",
    "watch_the_silent",
]
