"""allauth's forms in our words, and our own."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest, HttpResponse

from livlina.across.portal import sessions
from livlina.across.portal.models import LogReview
from livlina.core.ids import IdentityNumberField


def _plain(field: forms.Field, label: str, autocomplete: str, help_text: str = "") -> None:
    """Give a field of allauth's our label, and take away the placeholder it uses for one."""
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = autocomplete


class PasswordForm(LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["login"], "E-postadress", "username")
        _plain(self.fields["password"], "Lösenord", "current-password")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in; the session lasts as long as ours do, whatever allauth thinks."""
        response = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            sessions.bound(request.session, self.user, request.now)  # type: ignore[attr-defined]
        return response


class NewPasswordForm(ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["oldpassword"], "Nuvarande lösenord", "current-password")
        _plain(
            self.fields["password1"],
            "Nytt lösenord",
            "new-password",
            "Minst 14 tecken. Flera ord i rad går bra.",
        )
        _plain(self.fields["password2"], "Nytt lösenord igen", "new-password")


class AgainForm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["password"], "Lösenord", "current-password")


class CodeForm(AuthenticateForm):
    """One of the reserve codes, for whom the passkey is out of reach."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _plain(self.fields["code"], "Reservkod", "one-time-code")


class PasskeyForm(AddWebAuthnForm):
    """A new passkey: always one that signs in by itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = "Namn"
        self.fields["name"].help_text = "Så att du känner igen den, till exempel ”Jobbmobilen”."
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean_passwordless(self) -> bool:
        """Return True: a key that only seconds a password is not offered."""
        return True


class NewCodesForm(GenerateRecoveryCodesForm):
    """Nothing to fill in."""


class DemoCitizenForm(forms.Form):
    """Anyone to be in the demo."""

    number = IdentityNumberField(label="Personnummer (testnummer)")
    given_names = forms.CharField(label="Förnamn", max_length=120)
    family_name = forms.CharField(label="Efternamn", max_length=120)


class ReviewForm(forms.ModelForm):
    """What the manager found."""

    class Meta:
        model = LogReview
        fields = ("result", "note")
        widgets = {"result": forms.RadioSelect, "note": forms.TextInput}
        help_texts = {"note": "Behövs om läsningen ska följas upp eller är obefogad."}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["result"].choices = LogReview.Result.choices  # type: ignore[attr-defined]  # without the empty one

    def clean(self) -> dict[str, Any]:
        """Ask for words where they are needed."""
        found = super().clean() or {}
        if (
            found.get("result") not in (None, LogReview.Result.JUSTIFIED)
            and not found.get("note", "").strip()
        ):
            self.add_error("note", "Skriv varför läsningen behöver följas upp eller är obefogad.")
        return found
