"""S14: large security holes were found just before go-live, and the system stopped for a year.

Here the holes are looked for from the first day: `tests/architecture/test_access_table.py` asks every route by every
role of both municipalities. These tests show that the looking finds what it should: each has a hole made on purpose.
"""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import path
from django.urls.resolvers import RegexPattern, URLResolver

from livlina.config import pages
from livlina.core import access
from livlina.core.access import Actor, UnknownVerb, may, rule
from livlina.core.models import AuditEvent
from livlina.core.views import page
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person


def forgotten(request: object) -> HttpResponse:
    """A page somebody forgot to declare."""
    return HttpResponse("everything")


def test_a_page_without_a_declared_permission_is_found() -> None:
    hole = SimpleNamespace(urlpatterns=[path("forgotten", forgotten)])
    found = list(pages._walk(URLResolver(RegexPattern(r"^/"), hole), "", ""))
    assert [(route.pattern, route.permission) for route in found] == [("forgotten", None)]


def test_a_page_cannot_be_declared_for_staff_of_one_side_without_a_verb() -> None:
    with pytest.raises(ValueError, match="verb"):
        page("officer", None)


def test_a_verb_nobody_has_a_rule_for_is_a_fault_and_not_a_permission(karin: Actor) -> None:
    with pytest.raises(UnknownVerb):
        may(karin, "people.everything")


def test_a_verb_cannot_quietly_be_given_a_second_rule() -> None:
    before = dict(access.RULES)
    with pytest.raises(ValueError, match="twice"):
        rule("people.read", Person, roles=("administrator",))
    assert before == access.RULES


def test_the_administrator_who_runs_the_system_reads_nobody(
    ola: Actor, astrid: Person, client_of: Callable
) -> None:
    browser = client_of(ola)
    assert browser.get(f"/officer/people/{astrid.pk}").status_code == 404
    assert browser.post("/officer/people/search", {"q": "Lindqvist"}).status_code == 404
    assert AuditEvent.objects.filter(outcome="refused", user_id=ola.user_id).count() == 2


def test_what_somebody_writes_in_a_note_is_never_run_in_the_readers_browser(
    karin: Actor, astrids_file: File, client_of: Callable, write: Callable
) -> None:
    write(karin, astrids_file, "<script>alert(1)</script><img src=x onerror=alert(2)>")
    answer = client_of(karin).get(f"/officer/journal/files/{astrids_file.pk}")
    assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_a_form_from_elsewhere_is_not_obeyed(karin: Actor, astrid: Person, client_of: Callable) -> None:
    browser = client_of(karin)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post("/officer/people/register", {"given_names": "Ond", "family_name": "Avsikt"})
    assert answer.status_code == 403
    assert not Person.objects.filter(family_name="Avsikt").exists()
