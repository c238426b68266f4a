"""What tests of sign-in stand on: a real identity provider on this machine, and a password that is known."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from livlina.across.portal import oidc, outside
from livlina.core.access import Actor
from livlina.core.models import User

PASSWORD = "fyra ord som ingen gissar"


@pytest.fixture
def fresh_sign_in(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    """Forget attempts and providers of other tests; never ask a proxy about this machine; hash passwords quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    cache.clear()
    outside.forget()
    oidc._keys.clear()
    yield
    outside.forget()
    cache.clear()


@pytest.fixture
def with_password(fresh_sign_in: None) -> Callable[[Actor], User]:
    """Return a function that gives a member of staff the known password."""

    def give(actor: Actor) -> User:
        user = User.objects.get(pk=actor.user_id)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        return user

    return give


@pytest.fixture
def nobody(asvalla: Any, fresh_sign_in: None) -> Client:
    """A browser in which nobody is signed in."""
    from tests.people import SignedIn

    return SignedIn(HTTP_HOST="localhost", HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")


@pytest.fixture
def provider_at(settings: Any, fresh_sign_in: None) -> Callable[..., None]:
    """Return a function that points `staff` and `eid` at an identity provider's address."""

    def point(server_url: str, **details: Any) -> None:
        def one(name: str, words: str, config: dict[str, Any]) -> dict[str, Any]:
            own = config | {"server_url": server_url} | details
            return {
                "provider_id": name,
                "name": words,
                "client_id": "livlina",
                "secret": "s3cret",
                "settings": own,
            }

        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "APPS": [
                    one("staff", "Kommunens inloggning", settings.STAFF_PROVIDER),
                    one("eid", "E-legitimation", settings.EID_PROVIDER),
                ]
            }
        }

    return point
