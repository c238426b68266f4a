"""The ground's configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The ground."""

    name = "livlina.core"
    label = "core"

    def ready(self) -> None:
        """Collect every room's rules and subscriptions; secure the tables after each migration."""
        autodiscover_modules("access", "jobs")
        post_migrate.connect(_secure_after_last_app)


def _secure_after_last_app(app_config: AppConfig, **options: Any) -> None:
    """Secure once, when the last application has migrated."""
    from django.apps import apps

    from livlina.core.secure import secure

    with_models = [config for config in apps.get_app_configs() if config.models_module is not None]
    if app_config is with_models[-1]:
        secure()
