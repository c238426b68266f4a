"""What is stored about providers, and about the orders that cross the wall to them."""

from livlina.registers.orders.models.content import Delivery, OrderVersion
from livlina.registers.orders.models.lines import Line, LineWrong
from livlina.registers.orders.models.order import Order, OrderEvent
from livlina.registers.orders.models.provider import Provider
from livlina.registers.orders.models.words import KINDS, SERVICES, service_name

__all__ = [
    "KINDS",
    "SERVICES",
    "Delivery",
    "Line",
    "LineWrong",
    "Order",
    "OrderEvent",
    "OrderVersion",
    "Provider",
    "service_name",
]
