"""Where the phone app hangs: below one address of its own, which its service worker answers for."""

from django.urls import path

from livlina.field import views

public = [
    path("field/", views.shell, name="shell"),
    path("field/sw.js", views.worker, name="worker"),
    path("field/manifest.webmanifest", views.manifest, name="manifest"),
    path("field/lathund", views.lathund, name="lathund"),
]
