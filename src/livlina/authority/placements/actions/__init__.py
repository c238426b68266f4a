"""Every write about placed children. Placements themselves are written by the steps of the case (`effects`)."""

from livlina.authority.placements.actions.effects import HandedOver, hand_over
from livlina.authority.placements.actions.homes import choose_home
from livlina.authority.placements.actions.yearly import (
    AlreadySent,
    YearNotOver,
    open_yearly_list,
    send_yearly_list,
)

__all__ = [
    "AlreadySent",
    "HandedOver",
    "YearNotOver",
    "choose_home",
    "hand_over",
    "open_yearly_list",
    "send_yearly_list",
]
