"""The room's configuration."""

from django.apps import AppConfig


class OffersConfig(AppConfig):
    """See README.md in this folder."""

    name = "livlina.authority.offers"
    label = "offers"
