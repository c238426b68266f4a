"""Where allauth asks how we want it: no sign-up, our own words, our own session stamps, guarded outside calls."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from livlina.across.portal import actions, health, policy, sessions
from livlina.across.portal.device import device
from livlina.across.portal.outside import GuardedSession
from livlina.core.clock import day_of
from livlina.core.middleware import assignments_of
from livlina.core.models import User

SAID = {
    "account/messages/password_changed.txt": "Lösenordet är bytt. Övriga inloggningar är avslutade.",
    "mfa/messages/webauthn_added.txt": "Passkeyn är sparad. Nästa gång kan du logga in med den.",
    "mfa/messages/webauthn_removed.txt": "Passkeyn är borttagen.",
    "mfa/messages/recovery_codes_generated.txt": "Nya reservkoder är gjorda. De gamla gäller inte längre.",
}
"""What we let allauth say. Its other messages tell what the page already shows."""


NO_PASSKEY = (
    "Lägg till en passkey under Inloggningar. Då kommer du in också när kommunens inloggning inte svarar."
)


class Accounts(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by the visitor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Kontot är avstängt. Kontakta din chef.",
        "email_password_mismatch": "E-postadressen eller lösenordet stämmer inte.",
        "enter_current_password": "Skriv ditt nuvarande lösenord.",
        "incorrect_code": "Det gick inte att bekräfta. Försök igen.",
        "incorrect_password": "Lösenordet stämmer inte.",
        "too_many_login_attempts": "För många försök har misslyckats. Vänta fem minuter och försök igen.",
        "rate_limited": "För många försök på kort tid. Vänta en stund och försök igen.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, always."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session, with everything it must know; a citizen's was found by `signin`."""
        assert isinstance(user, User)  # noqa: S101
        super().login(request, user)
        kind = sessions.way_in(request, user)
        sessions.stamp(request, user, kind)
        actions.note_sign_in(kind, by=user, now=request.now, device=request.session["device"])  # type: ignore[attr-defined]
        if user.kind == "staff":
            sessions.choose_only(request, user)
            if kind == "staff" and not is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]):
                messages.info(request, NO_PASSKEY)
        else:
            municipality_id, person_id = request.citizen  # type: ignore[attr-defined]
            request.session["municipality_id"], request.session["person_id"] = municipality_id, str(person_id)

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **hooks: Any) -> HttpResponse | None:
        """Stop whoever comes by a way that none of their municipalities lets in just now; say which one does."""
        assert isinstance(user, User)  # noqa: S101
        kind, state = sessions.way_in(request, user), health.state(request.now)  # type: ignore[attr-defined]
        if user.kind == "staff" and kind in policy.RESERVE and state.why != "none":
            held = {one.municipality_id for one in assignments_of(user, day_of(request.now))}  # type: ignore[attr-defined]
            if held and not policy.admitting(kind, held, state):
                actions.note_sign_in(
                    kind, by=user, now=request.now, device=device(request.headers.get("user-agent", "")), why="policy"  # type: ignore[attr-defined]
                )  # fmt: skip
                return render(request, "portal/use_provider.html", {"state": state, "kind": kind}, status=403)
        return super().pre_login(request, user, **hooks)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password: for whom, if there is such a user."""
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        actions.note_sign_in(
            "password", by=user, now=request.now, device=device(request.headers.get("user-agent", "")), why="password"  # type: ignore[attr-defined]
        )  # fmt: skip

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Return whether the password is the user's. (allauth looks for an address in a table we do not fill.)"""
        from allauth.core import context

        found = self.authenticate(context.request, email=user.email, password=password)  # type: ignore[attr-defined]
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Password or passkey; a recovery code is for signing in only."""
        return [
            way for way in super().get_reauthentication_methods(user) if way["id"] != "mfa_reauthenticate"
        ]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a change of password one sees which sessions are left."""
        return reverse("portal_public:sessions")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is worth saying, in our words."""
        words = message or SAID.get(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)

    def send_notification_mail(self, *words: Any, **options: Any) -> None:
        """Send nothing: the page tells, and the record of sign-ins keeps it."""


class Providers(DefaultSocialAccountAdapter):
    """Identity providers come from the settings; nobody connects an account of their own."""

    def get_requests_session(self) -> GuardedSession:
        """Return the session that never holds a worker for long."""
        return GuardedSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False, always."""
        return False


class Passkeys(DefaultMFAAdapter):
    """Passkeys are named by their owners; the first one is called what it is."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Det gick inte att bekräfta. Försök igen.",
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """Suggest a name: Passkey 1, Passkey 2 …"""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def _get_site_name(self) -> str:
        return "Livlina"
