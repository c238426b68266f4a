"""Sign-in through an identity provider (OpenID Connect, authorization code with PKCE).

allauth keeps the configuration and the state; the rest is stricter than allauth and therefore ours: a nonce is
sent and checked, the signature of the ID token is always checked, and no claim is stored (allauth would keep
them all, person number included, in a table of its own). Followed: OpenID Connect Core 1.0, RFC 9700, and the
Swedish OpenID Connect Profile for the names of scopes and claims.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse

from livlina.across.portal.outside import GuardedSession, ProviderAway, calling, fetch_json

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by key pair only: a shared secret, or none at all, would let others write tokens."""
KEYS_FOR = 600.0
"""Seconds a provider's keys are remembered."""

_keys: dict[str, tuple[float, dict[str, Any]]] = {}


class SignInFailed(Exception):
    """The sign-in could not be completed; `why` is a code for the log, never shown."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NamesAnother(ProviderAway):
    """What answers at the provider's address says that it is another."""


@dataclass(frozen=True)
class Answer:
    """What the provider says of who signed in, and what we remembered since the sign-in began."""

    claims: dict[str, Any]
    state: dict[str, Any]


def app(request: HttpRequest, provider_id: str) -> SocialApp:
    """Return the configured provider. Raises Http404 if there is none of that name."""
    try:
        return get_adapter(request).get_app(request, provider=provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None


def begin(request: HttpRequest, provider_id: str, **remember: Any) -> str:
    """Return the address at the provider to send the browser to. Raises ProviderAway, Http404."""
    provider = app(request, provider_id)
    with calling(provider_id):
        config = discover(provider)
    proof = generate_code_challenge()
    nonce = secrets.token_urlsafe(24)
    state = remember | {"nonce": nonce, "verifier": proof["code_verifier"]}
    state_id = statekit.stash_state(
        request, provider_id=provider_id, state=state, state_id=secrets.token_urlsafe(24)
    )
    question = {
        "client_id": provider.client_id,
        "redirect_uri": callback_address(request, provider_id),
        "response_type": "code",
        "scope": " ".join(provider.settings.get("scope", ["openid"])),
        "state": state_id,
        "nonce": nonce,
        "code_challenge": proof["code_challenge"],
        "code_challenge_method": proof["code_challenge_method"],
        "ui_locales": "sv",
    } | provider.settings.get("auth_params", {})
    address = str(config["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}"


def complete(request: HttpRequest, provider_id: str) -> Answer:
    """Return what the provider says, every check passed. Raises SignInFailed, ProviderAway, Http404."""
    provider = app(request, provider_id)
    state_id = request.GET.get("state", "")
    state = statekit.unstash_state(request, provider_id=provider_id, state_id=state_id) if state_id else None
    if state is None:
        raise SignInFailed("state")
    if "error" in request.GET or "code" not in request.GET:
        raise SignInFailed("cancelled" if request.GET.get("error") == "access_denied" else "provider_error")
    with calling(provider_id):
        config = discover(provider)
        if (
            request.GET.get("iss", config["issuer"]) != config["issuer"]
        ):  # RFC 9207: another provider's answer
            raise SignInFailed("issuer")
        tokens = _exchange(request, provider, config, state["verifier"])
        claims = _verified(provider, config, str(tokens.get("id_token", "")), state["nonce"])
        needed = set(provider.settings.get("needs", ()))
        if not needed <= set(claims) and config.get("userinfo_endpoint"):
            claims = _with_userinfo(config, str(tokens.get("access_token", "")), claims)
    accepted = provider.settings.get("acr_accepted")
    if accepted and claims.get("acr") not in accepted:
        raise SignInFailed("assurance")
    return Answer(claims, state)


def discover(provider: SocialApp) -> dict[str, Any]:
    """Ask the provider where its doors are: also the quickest way to learn that it is down. Raises ProviderAway."""
    server = str(provider.settings["server_url"]).rstrip("/")
    _encrypted(server)
    config = fetch_json(f"{server}/.well-known/openid-configuration")
    for name in ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(config.get(name), str):
            raise ProviderAway(f"its description lacks {name}")
        _encrypted(config[name])
    if config["issuer"].rstrip("/") != server:
        raise NamesAnother("its description names another issuer")
    return config


def callback_address(request: HttpRequest, provider_id: str) -> str:
    """Return the address the provider sends the browser back to."""
    return request.build_absolute_uri(reverse("openid_connect_callback", args=[provider_id]))


def _encrypted(address: str) -> None:
    """Raise ProviderAway for an address that is not https; a demo and the tests may use this machine's own."""
    if not address.startswith("https://") and not (settings.DEMO or settings.TEST):
        raise ProviderAway("an address without encryption")


def _exchange(
    request: HttpRequest, provider: SocialApp, config: dict[str, Any], verifier: str
) -> dict[str, Any]:
    """Change the code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": request.GET["code"],
        "redirect_uri": callback_address(request, provider.provider_id),
        "code_verifier": verifier,
    }
    own = {"client_id": provider.client_id, "client_secret": provider.secret}
    by_post = "client_secret_post" in config.get("token_endpoint_auth_methods_supported", [])
    with GuardedSession() as session:
        if by_post:
            response = session.post(config["token_endpoint"], data=form | own)
        else:
            response = session.post(
                config["token_endpoint"], data=form, auth=(provider.client_id, provider.secret)
            )
    if response.status_code != 200:
        raise SignInFailed("code")
    try:
        tokens = response.json()
    except ValueError:
        raise ProviderAway("its token answer is no JSON") from None
    if not isinstance(tokens, dict):
        raise ProviderAway("its token answer is no object")
    return tokens


def _verified(provider: SocialApp, config: dict[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """Return the ID token's claims if it was written by the provider, for us, now, and for this very sign-in."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise SignInFailed("algorithm")
        claims = jwt.decode(
            token,
            _key(config["jwks_uri"], header),
            algorithms=[header["alg"]],
            audience=provider.client_id,
            issuer=config["issuer"],
            leeway=30,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.InvalidSignatureError:
        raise SignInFailed("signature") from None
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        raise SignInFailed("token") from None
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise SignInFailed("nonce")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != provider.client_id:
        raise SignInFailed("audience")
    return claims


def _key(address: str, header: dict[str, Any]) -> Any:
    """Return the provider's key that the token names; an unknown one is looked for once more. Raises SignInFailed."""
    for fresh in (False, True):
        asked_at, found = _keys.get(address, (0.0, {}))
        if fresh or not found or time.monotonic() - asked_at > KEYS_FOR:
            found = fetch_json(address)
            _keys[address] = (time.monotonic(), found)
        for key in found.get("keys", ()):
            if key.get("kid") == header.get("kid") and key.get("use", "sig") == "sig":
                return jwt.PyJWK(key, algorithm=header["alg"]).key
    raise SignInFailed("key")


def _with_userinfo(config: dict[str, Any], access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
    """Add what the provider tells only when asked; the ID token's own word goes first."""
    more = fetch_json(config["userinfo_endpoint"], headers={"Authorization": f"Bearer {access_token}"})
    if more.get("sub") != claims["sub"]:
        raise SignInFailed("userinfo")
    return more | claims
