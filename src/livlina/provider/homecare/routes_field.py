"""Where the pages about phones hang; `urls.py` takes them in."""

from django.urls import path

from livlina.provider.homecare.views import phones as views

provider = [
    path("phones", views.phones, name="phones"),
    path("phones/<uuid:pk>", views.phone, name="phone"),
    path("phones/<uuid:pk>/end", views.end, name="end_phone"),
    path("phones/review", views.quarantine, name="quarantine"),
    path("phones/review/<uuid:pk>", views.quarantined, name="quarantined"),
    path("phones/review/<uuid:pk>/open", views.open_text, name="open_quarantined"),
    path("phones/paper", views.paper, name="paper"),
]
