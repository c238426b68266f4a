"""What is otherwise on the shadow: another way in, sessions on its own disk, and nothing written."""

from pathlib import Path
from typing import Any

ENTER = "livlina.core.middleware.Enter"
LEFT_OUT = ("livlina.across.portal.middleware.session_use", "livlina.core.shedding.Shed")


def apply(settings: dict[str, Any]) -> None:
    """Change the settings, given as the module's names."""
    room = "livlina.across.continuity.shadow"
    middleware = [one for one in settings["MIDDLEWARE"] if one not in LEFT_OUT]
    at = middleware.index(ENTER)
    settings["MIDDLEWARE"] = [
        *middleware[:at],
        f"{room}.middleware.Enter",
        f"{room}.middleware.Gate",
        *middleware[at + 1 :],
    ]
    settings["ROOT_URLCONF"] = "livlina.config.shadow_urls"
    settings["SESSION_ENGINE"] = "django.contrib.sessions.backends.file"
    settings["SESSION_FILE_PATH"] = str(Path(settings["STATE_DIR"]) / "sessions")
    settings["SESSION_COOKIE_NAME"] = "livlina_shadow"  # beside the main system's, on the same name
    settings["CSRF_COOKIE_NAME"] = "livlina_shadow_csrf"
    settings["TEMPLATES"][0]["OPTIONS"]["context_processors"].append(f"{room}.age.words")
