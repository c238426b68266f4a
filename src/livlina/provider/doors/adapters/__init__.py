"""Makers of locks: one small class each. A lock that speaks the open protocol needs nothing from its maker."""

from livlina.provider.doors.adapters.base import Vendor, VendorFault, adapter_for, register, vendors
from livlina.provider.doors.adapters.fake import Fake
from livlina.provider.doors.adapters.simulator import Simulator

register(Vendor("open", "Öppet protokoll"))
register(Simulator())

__all__ = ["Fake", "Simulator", "Vendor", "VendorFault", "adapter_for", "register", "vendors"]
