"""The look of Livlina: layouts, components, form renderer, vendored assets."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, static files and template tags shared by every room; knows no room."""

    name = "livlina.core.ui"
    label = "ui"
    verbose_name = "Gränssnitt"
