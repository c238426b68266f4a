"""The shadow's routes: its own way in, then every page as it is."""

from django.urls import path

from livlina.across.continuity.shadow import signin
from livlina.config import urls

urlpatterns = [
    path("sign-in/", signin.sign_in),
    path("sign-in/sealed-key/", signin.sealed),
    path("account/passkey/", signin.passkey),
    path("account/sign-out/", signin.sign_out),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
