"""Every setting, from the environment only. Unknown LIVLINA_ variables are refused, so a typo is never silent."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env
from psycopg.conninfo import conninfo_to_dict

from livlina.config.database import database
from livlina.config.identity import EID_PROVIDER, STAFF_PROVIDER, identity_providers
from livlina.config.importance import IMPORTANCE
from livlina.config.menus import (
    BANNERS,
    CASE_FINDER,
    CASE_LINKS,
    LIVLINA_UI,
    NOTE_LINKS,
    OPEN_TO_ALL,
    PERSON_TABS,
    PROVED,
    START_PAGES,
)
from livlina.config.outage import CARE_DUTIES
from livlina.config.parameters import PARAMETERS
from livlina.config.roles import (  # noqa: F401  (settings for the rooms, which may not import the configuration)
    AREA_NAMES,
    AREAS,
    AUDIENCES,
    BRANCHES,
    COMPARTMENTS,
    QUALIFICATIONS,
    ROLES,
)

env = Env(prefix="LIVLINA_")

KNOWN = {
    "ALARM_SUPPLIERS",
    "ALLOWED_HOSTS",
    "AS_OWNER",
    "BACKUP_DIR",
    "BACKUP_IDENTITY",
    "BACKUP_RECIPIENT",
    "BACKUP_URL",
    "DATABASE_URL",
    "DEMO",
    "EID_CLIENT_ID",
    "EID_CLIENT_SECRET",
    "EID_SERVER_URL",
    "LIVE_ORIGIN",
    "LOCK_BRIDGE",
    "ORIGIN",
    "OWNER_DATABASE_URL",
    "PACK_PLACES",
    "POSTGRES_BIN",
    "RECORDS_ARCHIVE",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "SHADOW",
    "SMTP_URL",
    "STAFF_IDP_CLIENT_ID",
    "STAFF_IDP_CLIENT_SECRET",
    "STAFF_IDP_SERVER_URL",
    "STATE_DIR",
    "SUPPORT_SUPPLIERS",
    "STATUS_BALLAST",
    "STATUS_BALLAST_FOLDER",
    "STATUS_CALL",
    "STATUS_ORIGIN",
    "STATUS_RECEIVERS",
    "STATUS_VOLUMES",
    "TEST",
    "TRUSTED_PROXIES",
    "WITNESSES",
}
_unknown = {name for name in os.environ if name.startswith("LIVLINA_")} - {
    f"LIVLINA_{name}" for name in KNOWN
}
if _unknown:
    raise ImproperlyConfigured(
        f"Unknown settings: {', '.join(sorted(_unknown))}. Known: {', '.join(sorted(KNOWN))}."
    )


def secret(name: str, default: str | None = None) -> str:
    """Return a secret from its variable or from the file its _FILE variable names."""
    path = env.str(f"{name}_FILE", None)
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value = env.str(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set LIVLINA_{name}, or LIVLINA_{name}_FILE to a file that holds it.")
    return value


PACKAGE = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env.str("STATE_DIR", str(PACKAGE.parent.parent / ".livlina")))
DEMO = env.bool("DEMO", False)
TEST = env.bool("TEST", False)
SHADOW = env.bool("SHADOW", False)
"""Whether this is the shadow: reading alone, on a copy that the main system's database streams to (`livlina shadow`)."""
DEBUG = False
SECRET_KEY = secret("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
ORIGIN = env.str("ORIGIN", "http://127.0.0.1:8000")
LIVE_ORIGIN = env.str("LIVE_ORIGIN", "")
"""Where browsers find `livlina live`, which tells the alarm desk at once; without it the desk asks every three seconds."""
STATUS_ORIGIN = env.str("STATUS_ORIGIN", "")
"""Where anyone finds `livlina status`, which tells what works also when all else is dead; without it no page links there.
What that process itself is told (volumes, ballast, receivers, whom to call): `cli/status.py`."""
LOCK_BRIDGE = env.str("LOCK_BRIDGE", "")
"""Where a phone reaches locks over the network (`livlina simulate locks`); a shell with a radio of its own needs none."""
RECORDS_ARCHIVE = env.str("RECORDS_ARCHIVE", "")
"""Dotted path of the e-archive's class (across/records/archive.py); without it, a folder below the state directory."""
PACK_PLACES: list[str] = env.list("PACK_PLACES", [])
"""Folders that packs for an outage are written to, on more than one machine; without it, one in the state directory."""
SECURE = ORIGIN.startswith("https://")

_app_url = env.str("DATABASE_URL")
_owner_url = env.str("OWNER_DATABASE_URL", "")
AS_OWNER = env.bool("AS_OWNER", False)
"""Migrations and demo loading connect as the owner of the tables; web and worker never do."""
DATABASES = {"default": database(_owner_url if AS_OWNER else _app_url)}
APP_ROLE = str(conninfo_to_dict(_app_url).get("user"))
READ_ONLY_TABLES = {
    "core_hold",
    "core_municipality",
    "django_content_type",
    "django_migrations",
    "auth_permission",
    "auth_group",
}
APPEND_ONLY_TABLES = {
    "continuity_drill",
    "continuity_drillsignature",
    "continuity_restoretest",
}
"""Tables of the whole installation in which the application may add and read, never change or remove."""
if not AS_OWNER and not TEST:
    # A pool that cannot connect gives up after a second and begins anew with the next request: left to itself it would
    # wait twice as long each time, and still wait when the database has long been back.
    DATABASES["default"]["OPTIONS"]["pool"] = {  # type: ignore[index]
        "min_size": 1, "max_size": 6, "timeout": 5, "reconnect_timeout": 1,
    }  # fmt: skip
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "livlina.registers.people",
    "livlina.registers.journal",
    "livlina.registers.watches",
    "livlina.registers.orders",
    "livlina.authority.cases",
    "livlina.authority.contractors",
    "livlina.authority.placements",
    "livlina.authority.court",
    "livlina.authority.aid",
    "livlina.authority.offers",
    "livlina.authority.assistance",
    "livlina.authority.unexecuted",
    "livlina.provider.doors",
    "livlina.provider.homecare",
    "livlina.provider.alarms",
    "livlina.across.portal",
    "livlina.across.quality",
    "livlina.across.records",
    "livlina.across.continuity",
    "livlina.across.support",
    "livlina.across.statistics",
    "livlina.field",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "livlina.core.ui",
    *ROOMS,
    "livlina.core",  # last: its tables are secured when every room's stand
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "livlina.core.shedding.Shed",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "livlina.core.middleware.Enter",
    "livlina.across.portal.middleware.session_use",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
if DEMO:
    MIDDLEWARE.insert(0, "livlina.provider.doors.outage.outage")
ROOT_URLCONF = "livlina.config.urls"
WSGI_APPLICATION = "livlina.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "across" / "portal" / "templates"],  # before allauth's own of the same names
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "livlina.core.context.house",
                "livlina.across.portal.context.alerts",
            ],
            "builtins": ["django.templatetags.static", "django.templatetags.i18n"],
            "string_if_invalid": "",
        },
    }
]
FORM_RENDERER = "livlina.core.ui.forms.Renderer"

AUTH_USER_MODEL = "core.User"
SESSION_ENGINE = "livlina.core.sessions"
SESSION_COOKIE_NAME = "livlina_session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
CSRF_FAILURE_VIEW = "livlina.core.ui.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/start/"

ACCOUNT_ADAPTER = "livlina.across.portal.adapters.Accounts"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are given by the administrator
ACCOUNT_FORMS = {
    "login": "livlina.across.portal.forms.PasswordForm",
    "change_password": "livlina.across.portal.forms.NewPasswordForm",
    "reauthenticate": "livlina.across.portal.forms.AgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True  # how long is decided by portal.sessions
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
MFA_ADAPTER = "livlina.across.portal.adapters.Passkeys"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "livlina.across.portal.forms.CodeForm",
    "add_webauthn": "livlina.across.portal.forms.PasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE and (DEMO or TEST)
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SOCIALACCOUNT_ADAPTER = "livlina.across.portal.adapters.Providers"
SOCIALACCOUNT_PROVIDERS = identity_providers(env)

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the packages themselves: no step to forget

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *(origin for origin in (LIVE_ORIGIN, LOCK_BRIDGE) if origin)],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

ALARM_SUPPLIERS: Any = env.json(  # channel → [{"name", "kind", …}]
    "ALARM_SUPPLIERS",
    {kind: [{"name": f"{kind}-{n}", "kind": "fake"} for n in (1, 2)] for kind in ("push", "sms", "voice")}
    if DEMO or TEST
    else {},
)
"""Who carries notices of alarms, by channel, the first choice first (`provider/alarms/gateways.py`)."""

WITNESSES: Any = env.json("WITNESSES", [])  # [{"name", "url", "key"}]
"""Who outside cosigns the journals' logs: what they are called, where they answer, their keys (`livlina witness key`)."""

SUPPORT_SUPPLIERS: Any = env.json(
    "SUPPORT_SUPPLIERS",
    [{"code": "maker", "name": "Livlinas förvaltare", "kind": "fake"}] if DEMO or TEST else [],
)
"""The third line: whom the second may send a ticket on to (`across/support/suppliers.py`)."""

SMTP_URL = urlsplit(env.str("SMTP_URL", ""))
"""`smtp://name:password@host:587?tls=1` (or `smtps://`). Without it letters are written to the state directory."""
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = SMTP_URL.hostname or "", SMTP_URL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(SMTP_URL.username or ""), unquote(SMTP_URL.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP_URL.scheme == "smtps", "tls=1" in SMTP_URL.query
EMAIL_TIMEOUT = 10  # seconds
if not SMTP_URL.hostname:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = STATE_DIR / "mail"

LOGGING_CONFIG = "livlina.core.logs.from_settings"
LOGGING = {"level": "WARNING" if TEST else "INFO", "lines": not DEMO}

PROCRASTINATE_ON_APP_READY = None

if SHADOW:
    from livlina.config.shadow import apply

    apply(globals())
__all__ = [
    "AUDIENCES",
    "BANNERS",
    "CARE_DUTIES",
    "CASE_FINDER",
    "CASE_LINKS",
    "EID_PROVIDER",
    "IMPORTANCE",
    "LIVLINA_UI",
    "NOTE_LINKS",
    "OPEN_TO_ALL",
    "PARAMETERS",
    "PERSON_TABS",
    "PROVED",
    "ROLES",
    "STAFF_PROVIDER",
    "START_PAGES",
]
