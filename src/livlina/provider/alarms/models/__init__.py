"""Alarm units and their pendants; receivers and what they told; alarms and all that is done about them; the crisis list."""

from livlina.provider.alarms.models.alarm import Alarm, AlarmEvent, Receipt, Receiver
from livlina.provider.alarms.models.crisis import CallAttempt, CallEntry, CallRound, Silence
from livlina.provider.alarms.models.rota import Channel, EmergencyCode, Notice, OnCall
from livlina.provider.alarms.models.switchboard import Switchboard
from livlina.provider.alarms.models.unit import AlarmUnit, Pendant, TestPress, UnitEvent

__all__ = [
    "Alarm",
    "AlarmEvent",
    "AlarmUnit",
    "CallAttempt",
    "CallEntry",
    "CallRound",
    "Channel",
    "EmergencyCode",
    "Notice",
    "OnCall",
    "Pendant",
    "Receipt",
    "Receiver",
    "Silence",
    "Switchboard",
    "TestPress",
    "UnitEvent",
]
