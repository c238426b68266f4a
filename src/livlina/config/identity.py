"""The identity providers that the environment names: the municipality's own for staff, a broker of e-identification."""

from typing import Any

from environs import Env

STAFF_PROVIDER = {"scope": ["openid", "profile", "email"], "needs": ["email"]}
LEVELS_OF_ASSURANCE = [
    "http://id.elegnamnden.se/loa/1.0/loa3",
    "http://id.elegnamnden.se/loa/1.0/loa4",
    "http://id.swedenconnect.se/loa/1.0/uncertified-loa3",
]
EID_PROVIDER = {  # The Swedish OpenID Connect Profile: names of scopes and claims
    "scope": [
        "openid",
        "https://id.oidc.se/scope/naturalPersonInfo",
        "https://id.oidc.se/scope/naturalPersonNumber",
    ],
    "needs": ["https://id.oidc.se/claim/personalIdentityNumber", "given_name", "family_name"],
    "auth_params": {"acr_values": " ".join(LEVELS_OF_ASSURANCE)},
    "acr_accepted": LEVELS_OF_ASSURANCE,
}


def identity_providers(env: Env) -> dict[str, Any]:
    """Return allauth's setting of the providers that the environment names."""
    apps = [
        *_named(env, "staff", "Kommunens inloggning", "STAFF_IDP", **STAFF_PROVIDER),
        *_named(env, "eid", "E-legitimation", "EID", **EID_PROVIDER),
    ]
    return {"openid_connect": {"APPS": apps}}


def _named(env: Env, name: str, words: str, variables: str, **details: Any) -> list[dict[str, Any]]:
    """The provider that the variables `<variables>_SERVER_URL` and so on name, if they do."""
    server = env.str(f"{variables}_SERVER_URL", "")
    if not server:
        return []
    one = {"provider_id": name, "name": words, "settings": {"server_url": server, **details}}
    return [
        one
        | {"client_id": env.str(f"{variables}_CLIENT_ID"), "secret": env.str(f"{variables}_CLIENT_SECRET")}
    ]
