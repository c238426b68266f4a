"""The room's configuration."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.registers.orders"
    label = "orders"
