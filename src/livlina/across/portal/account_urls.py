"""The routes of allauth that exist here, by the names allauth knows them by. Those not listed are not mounted:
no sign-up, no change of address, no reset by e-mail, no connecting of accounts.
"""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_required
from django.urls import path

from livlina.across.portal.views import account as ours
from livlina.across.portal.views import front
from livlina.core.views import page

anyone, staff = page("public", None), page("staff", None)

urlpatterns = [
    path("password/", anyone(ours.PasswordView.as_view()), name="account_login"),
    path("sign-out/", anyone(account.logout), name="account_logout"),
    path("inactive/", anyone(account.account_inactive), name="account_inactive"),
    path("second-step/", anyone(ours.SecondStep.as_view()), name="mfa_authenticate"),
    path("passkey/", anyone(ours.PasskeyLogin.as_view()), name="mfa_login_webauthn"),
    path("with/<slug:provider_id>/", front.oidc_begin, name="openid_connect_login"),
    path("with/<slug:provider_id>/back/", front.oidc_callback, name="openid_connect_callback"),
    path("again/", staff(login_required(ours.AgainView.as_view())), name="account_reauthenticate"),
    path("again/passkey/", staff(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path(
        "new-password/", staff(login_required(ours.NewPasswordView.as_view())), name="account_change_password"
    ),
    path("passkeys/", staff(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", staff(ours.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", staff(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path(
        "codes/", staff(reauthentication_required(codes.view_recovery_codes)), name="mfa_view_recovery_codes"
    ),
    path("codes/new/", staff(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
