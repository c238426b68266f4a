"""The room's routes: a plan hangs on its order."""

from django.urls import path

from livlina.provider.homecare.routes_field import provider as field
from livlina.provider.homecare.routes_nursing import provider as nursing
from livlina.provider.homecare.routes_visits import provider as visits
from livlina.provider.homecare.views import provider as views

provider = [
    *field,
    *nursing,
    *visits,
    path("orders/<uuid:order_id>/plan", views.plan, name="plan"),
    path("orders/<uuid:order_id>/plan/new", views.agree, name="agree"),
]
