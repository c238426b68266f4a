"""allauth's views, where they must do a little more or less than they do."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from livlina.across.portal import actions
from livlina.across.portal.device import device
from livlina.core.models import User


def note_failure(request: HttpRequest, kind: str, user: User | None = None) -> None:
    """Record a sign-in that failed at its last step."""
    words = device(request.headers.get("user-agent", ""))
    actions.note_sign_in(kind, by=user, now=request.now, device=words, why="proof")  # type: ignore[attr-defined]


class Refusing:
    """Answers a form with faults by 422, as every form of ours."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        response = super().form_invalid(form)
        response.status_code = 422 if response.status_code == 200 else response.status_code
        return response


class PasswordView(Refusing, account.LoginView):
    """E-mail address and password."""


class NewPasswordView(Refusing, account.PasswordChangeView):
    """Change one's password: every other session ends."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Show the form to those who have a password; others have nothing to change."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(request, "Kontot har inget lösenord att byta. Du loggar in på annat sätt.")
            return redirect("portal_public:sessions")
        return super().dispatch(request, *args, **options)

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and end the others."""
        response = super().form_valid(form)
        self.request.session.save()
        actions.end_sessions(by=form.user, now=self.request.now, keep=self.request.session.session_key)
        return response


class AgainView(Refusing, account.ReauthenticateView):
    """The password once more."""


class PasskeyLogin(webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say so, and record it."""
        note_failure(self.request, "passkey")
        return super().form_invalid(form)


class SecondStep(mfa.AuthenticateView):
    """After the password: the passkey, or a reserve code."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again, and record it."""
        note_failure(self.request, "passkey", self.stage.login.user)
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class AddPasskey(webauthn.AddWebAuthnView):
    """Add a passkey."""

    def get_success_url(self) -> str:
        """The list of passkeys, or the reserve codes just made."""
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn")
