"""Mounted at /ui/."""

from django.urls import path

from livlina.core.ui import views

app_name = "ui"
urlpatterns = [path("preferences", views.preferences, name="preferences")]
