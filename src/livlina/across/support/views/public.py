"""For those who cannot sign in: where to ring and write."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from livlina.across.support.rules import rules
from livlina.core.models import Municipality
from livlina.core.views import page


@page("public", None)
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """The telephone numbers and addresses of each municipality here. Nothing is asked for, and nothing kept."""
    rows = [{"name": one.name} | rules(one.pk) for one in Municipality.objects.order_by("name")[:50]]
    return render(request, "support/contact.html", {"rows": rows})
