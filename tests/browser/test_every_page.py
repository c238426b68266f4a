"""Every page of every audience, with something on it: readable by everyone, light and dark, and at home on a telephone.

A route is visited here or stands in `ELSEWHERE` with its reason; a new route that is neither fails the test.
Pictures of every page at 390 and 1440 pixels, light and dark: `PICTURES=1 pytest tests/browser/test_every_page.py`
(they land in `tests.browser.look.PICTURES`).
"""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from livlina.config.pages import roles_of, routes
from livlina.core.access import RULES
from livlina.core.models import Municipality
from tests.architecture.test_access_table import address as somewhere
from tests.browser.look import check_axe, check_fits, screenshot
from tests.browser.visits import BRANCHES, BRANCHES_ELSEWHERE, BRANCHES_SENT_ONLY, Visit
from tests.people import staff

OFFICER: dict[str, list[Visit]] = {
    "portal:start": [("karin",), ("maria",), ("sofia",), ("eva",), ("duty",)],
    "people:search": [("karin",)],
    "people:register": [("sofia",)],
    "people:person": [("karin", "astrid"), ("karin", "hidden"), ("karin", "long")],
    "people:details": [("karin", "astrid")],
    "people:contacts": [("karin", "astrid")],
    "people:relations": [("karin", "astrid")],
    "people:mandates": [("karin", "astrid")],
    "people:number": [("karin", "astrid")],
    "people:death": [("karin", "astrid")],
    "people:protection": [("karin", "astrid")],
    "people:protected": [("maria",)],
    "people:named_few": [("maria", "hidden")],
    "cases:list": [("karin",), ("maria",), ("karin", "?tab=unit&process=home_care&due=week"), ("eva",)],
    "cases:find": [("karin",)],
    "cases:delegation_list": [("eva",), ("eva", "?first=2026-03-01&last=2026-12-31")],
    "cases:person": [("karin", "astrid"), ("karin", "hidden")],
    "cases:register": [("sofia", "bertil"), ("sofia", "bertil", "?q=larm")],
    "cases:registered": [("sofia", "application")],
    "cases:case": [
        ("karin", "case"),
        ("karin", "begun"),
        ("karin", "looked"),
        ("karin", "ready"),
        ("maria", "new"),
    ],
    "cases:timeline": [("karin", "case"), ("karin", "case", "?kind=decisions")],
    "cases:assign": [("maria", "new")],
    "cases:investigation": [("karin", "looked")],
    "cases:step": [("karin", "begun", "=open_investigation"), ("karin", "looked", "=communicate")],
    "cases:decide": [("karin", "ready")],
    "cases:close": [("karin", "ready", "?write_off=1")],
    "cases:service": [("karin", "decision")],
    "cases:receive_appeal": [("karin", "decision")],
    "cases:appeal": [("karin", "appeal")],
}
OFFICER_MORE: dict[str, list[Visit]] = {
    "journal:file": [("karin", "file"), ("karin", "file", "?kind=meeting")],
    "journal:check": [("karin", "file")],
    "journal:write": [("karin", "file")],
    "journal:correct": [("karin", "note")],
    "journal:dissent": [("karin", "note")],
    "journal:move": [("maria", "note")],
    "journal:unseal": [("maria", "moved")],
    "journal:person": [("karin", "long")],
    "journal:emergency": [("duty", "astrid")],
    "orders:order": [("karin", "draft"), ("karin", "sent"), ("karin", "refused"), ("karin", "confirmed")],
    "orders:choose": [("karin", "draft")],
    "orders:send": [("karin", "draft")],
    "orders:recall": [("karin", "sent"), ("karin", "opened")],
    "orders:end": [("karin", "confirmed")],
    "orders:delivery": [("karin", "delivery")],
    "orders:of_person": [("karin", "astrid"), ("karin", "bertil")],
    "orders:unread": [("karin",)],
    "watches:list": [("karin",), ("maria",)],
    "watches:watch": [("karin", "watch")],
    "watches:statistics": [("maria",)],
    "quality:deviations": [("karin",), ("maria",)],
    "quality:deviation": [("karin", "deviation"), ("maria", "deviation")],
    "quality:report": [("karin",)],
}
PROVIDER: dict[str, list[Visit]] = {
    "portal_provider:start": [("petra",), ("ali",), ("lena",), ("erik",)],
    "people_provider:person": [("ali", "astrid")],
    "people_provider:protected": [("petra",), ("erik",)],
    "people_provider:named_few": [("petra", "hidden")],
    "journal_provider:person": [("lena", "astrid"), ("ali", "bertil")],
    "journal_provider:file": [("ali", "home_file"), ("lena", "health_file")],
    "journal_provider:check": [("ali", "home_file")],
    "journal_provider:write": [("ali", "home_file"), ("lena", "health_file")],
    "journal_provider:correct": [("ali", "home_note")],
    "journal_provider:dissent": [("ali", "home_note")],
    "journal_provider:move": [("petra", "home_note")],
    "journal_provider:unseal": [("petra", "home_moved")],
    "journal_provider:emergency": [("lena", "bertil")],
    "orders_provider:inbox": [("petra",), ("erik",)],
    "orders_provider:order": [
        ("petra", "sent"), ("petra", "opened"), ("petra", "refused"), ("petra", "confirmed"), ("petra", "hidden_order"),
        ("ali", "hidden_order"),
    ],
    "orders_provider:active": [("petra",), ("erik",)],
    "orders_provider:deliver": [("petra", "confirmed")],
    "homecare_provider:plan": [("ali", "confirmed")],
    "homecare_provider:agree": [("petra", "confirmed")],
    "watches_provider:list": [("petra",), ("erik",)],
    "watches_provider:watch": [("petra", "their_watch")],
    "quality_provider:deviations": [("ali",), ("erik",)],
    "quality_provider:deviation": [("petra", "their_deviation")],
    "quality_provider:report": [("ali",)],
}  # fmt: skip
CITIZEN: dict[str, list[Visit]] = {
    "portal_citizen:start": [("anna_online",)],
    "portal_citizen:readers": [("anna_online",)],
    "portal_citizen:readers_of": [("anna_online", "astrid")],
    "cases_citizen:apply": [("anna_online",), ("anna_online", "?q=mat")],
    "cases_citizen:begin": [("anna_online", "=home_care"), ("anna_online", "=social_alarm")],
    "cases_citizen:draft": [("anna_online", "empty_application")],
    "cases_citizen:page": [("anna_online", "draft_application", "=2")],
    "cases_citizen:check": [("anna_online", "draft_application")],
    "cases_citizen:remove": [("anna_online", "draft_application")],
    "cases_citizen:receipt": [("anna_online", "sent_application")],
    "cases_citizen:list": [("anna_online",)],
    "cases_citizen:case": [("anna_online", "case")],
    "cases_citizen:answer": [("anna_online", "case")],
    "cases_citizen:decision": [("anna_online", "case", "decision")],
    "cases_citizen:appeal": [("anna_online", "case", "decision")],
    "cases_citizen:appealed": [("anna_online", "case", "decision")],
}
OTHERS: dict[str, list[Visit]] = {
    "portal_operations:start": [("ola",), ("anders",)],
    "journal_operations:move": [("anders", "note")],
    "journal_operations:moved": [("anders",)],
    "portal_public:log_review": [("maria",), ("petra",)],
    "portal_public:review": [("maria", "event")],
    "portal_public:own_reads": [("karin",), ("ali",)],
    "portal_public:sessions": [("karin",)],
    "portal_public:assignment": [("karin",)],
    "portal_public:sign_in": [("nobody_at_all",)],
    "portal_public:demo_eid": [("nobody_at_all", "=asvalla")],
    "account_login": [("nobody_at_all",)],
    "account_logout": [("karin",)],
    "account_reauthenticate": [("karin",)],
    "ui/gallery": [
        ("nobody_at_all",),
        ("nobody_at_all", "?layout=citizen"),
        ("nobody_at_all", "?layout=provider"),
    ],
    "account_inactive": [("nobody_at_all",)],
    "account_change_password": [("karin",)],
    "mfa_list_webauthn": [("karin",)],
}
WORKSHOP: dict[str, list[Visit]] = {
    "cases_operations:processes": [("ola",), ("maria",), ("ola", "?q=hemtj"), ("ola", "?q=xyzzy")],
    "cases_operations:version": [("ola", "=home_care", "=2025-07-01"), ("eva", "=lvu", "=2025-07-01")],
    "cases_operations:letter": [("ola", "=home_care", "=2025-07-01", "=decision_partly")],
    "cases_operations:compare": [("ola", "=home_care", "=2025-07-01")],
    "cases_operations:preview": [("ola", "=home_care", "=2025-07-01")],
    "cases_operations:lengths": [("ola",), ("maria",)],
    "cases_operations:length": [("ola", "=time_to_decide")],
    "cases_operations:check": [("ola",)],
    "cases:desks": [("maria",)],
    "cases:desk": [("maria", "colleague")],
    "cases:move_version": [("maria", "begun")],
    "watches:substitutes": [("karin",), ("maria",)],
}
AUDIENCES = {
    "workshop": WORKSHOP,
    "officer": OFFICER,
    "officer-more": OFFICER_MORE,
    "provider": PROVIDER,
    "citizen": CITIZEN,
    "others": OTHERS,
    **BRANCHES,
}
VISITS = {name: found for audience in AUDIENCES.values() for name, found in audience.items()}

SENT_ONLY = BRANCHES_SENT_ONLY | {
    "people:address", "people:end_contact", "people:end_relation", "people:end_mandate", "people:end_named",
    "people_provider:end_named", "journal:open", "journal:search", "journal:draft", "journal:discard",
    "journal_provider:open", "journal_provider:search", "journal_provider:draft", "journal_provider:discard",
    "journal_provider:sign", "watches:done", "watches:snooze", "watches:ignore", "watches:hand_over",
    "watches_provider:done", "watches_provider:snooze", "watches_provider:ignore", "watches_provider:hand_over",
    "orders:again", "orders_provider:open", "orders_provider:confirm", "orders_provider:decline",
    "orders_provider:answer_recall", "cases:letter_sent", "cases:appeal_act", "cases:draft",
    "cases:save_worklist",
    "watches:end_substitute",
    "portal:palette", "portal_public:end_session", "portal_public:end_all", "ui:preferences", "set_language",
}  # fmt: skip
"""Addresses a form is sent to: asked for as a page they answer 405, which a test below sees to."""

ELSEWHERE = BRANCHES_ELSEWHERE | {
    "watches:fragment": "a piece, fetched by the start page",
    "watches_provider:fragment": "a piece, fetched by the provider's start page",
    "orders:unread_piece": "a piece, fetched by the start page",
    "orders_provider:inbox_piece": "a piece, fetched by the provider's start page",
    "cases:worklist_piece": "a piece, fetched by the start page",
    "orders:of_source": "a piece for the page of a case",
    "cases:deadline": "leads on to its case",
    "cases:letter": "a letter as PDF",
    "cases_citizen:letter": "a letter as PDF",
    "cases_citizen:sent_copy": "a copy to download",
    "portal_public:front": "leads on to the start page or to signing in",
    "portal_public:start": "leads on to the start page of the role",
    "openid_connect_login": "leads on to the identity provider",
    "openid_connect_callback": "what went wrong there: test_portal_pages.py",
    "mfa_authenticate": "between password and passkey: test_passkey.py",
    "mfa_login_webauthn": "data for the browser's own dialogue: test_passkey.py",
    "mfa_reauthenticate_webauthn": "needs a passkey: test_passkey.py",
    "mfa_add_webauthn": "needs a password just given: test_passkey.py",
    "mfa_remove_webauthn": "needs a passkey: test_passkey.py",
    "mfa_view_recovery_codes": "needs a passkey: test_passkey.py",
    "mfa_generate_recovery_codes": "needs a passkey: test_passkey.py",
    "api:openapi-json": "data",
    "api:api-root": "data",
}
"""Routes that are no page of their own, each with its reason."""


def address(name: str, visit: Visit, household: dict[str, Any]) -> str:
    """Return the address of a visit."""
    words = [word for word in visit[1:] if not word.startswith("?")]
    args = [word[1:] if word.startswith("=") else household[word].pk for word in words]
    path = f"/{name}" if "/" in name else reverse(name, args=args)  # an address without a name is its own
    return path + "".join(word for word in visit[1:] if word.startswith("?"))


@pytest.fixture
def open_as(
    household: dict[str, Any], as_actor: Callable[..., Any], browser_page: Any
) -> Callable[[str], Any]:
    """Return a function that gives the page of someone, one browser each."""
    pages = {"nobody_at_all": browser_page}
    return lambda who: pages.get(who) or pages.setdefault(who, as_actor(household[f"@{who}"]))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_page_is_for_everyone(
    audience: str,
    household: dict[str, Any],
    open_as: Any,
    clock_at: Any,
    now: Any,
    with_password: Any,
) -> None:
    with_password(household["@karin"])
    clock_at(now + timedelta(hours=5))
    wrong: list[str] = []
    led_to: dict[str, set[str]] = {}
    for name, visits in AUDIENCES[audience].items():
        for visit in visits:
            page = open_as(visit[0])
            answer = page.goto(address(name, visit, household))
            if answer.status != 200:
                wrong.append(f"{name} {visit}: {answer.status}, {page.title()}")
                continue
            try:
                look_at(page)
            except AssertionError as fault:
                wrong.append(f"{name} {visit}: {fault}")
            led_to.setdefault(visit[0], set()).update(links_of(page))
            if os.environ.get("PICTURES"):
                take_pictures(
                    page,
                    "-".join([audience, *re.findall(r"\w+", name), *re.findall(r"\w+", " ".join(visit))]),
                )
    for who, links in led_to.items():
        new = {link for link in links if (who, link) not in ANSWERED}
        wrong += [f"{who} is led to {link}, which is not there" for link in dead(open_as(who), new)]
        ANSWERED.update((who, link) for link in new)
    assert not wrong, "\n".join(wrong)


ANSWERED: set[tuple[str, str]] = set()
"""Whom a link has been asked for already, in this process: each group walks the same household, with the same menus."""


def links_of(page: Any) -> list[str]:
    """Return the addresses the page leads to within the house."""
    found: list[str] = page.locator("a[href^='/']").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    return found


def dead(page: Any, links: set[str]) -> list[str]:
    """Return those of the addresses that do not answer whoever is signed in."""
    asked = {link: page.request.get(link, max_redirects=0).status for link in sorted(links)}
    return [f"{link} ({status})" for link, status in asked.items() if status >= 400]


def look_at(page: Any) -> None:
    """Fail if the page, with its parts fetched, is wrong in light, in dark or on a telephone."""
    expect(page.locator("[hx-get][hx-trigger=load]:empty")).to_have_count(0)
    check_axe(page)
    page.emulate_media(color_scheme="dark")
    try:
        check_axe(page, only=("color-contrast",))
        check_fits(page)
    finally:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})


def take_pictures(page: Any, name: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        screenshot(page, f"{name}-{scheme}")
    page.emulate_media(color_scheme="light")


def branches_of(route: Any) -> tuple[int, ...] | None:
    """The branches the route's rule lies in, or None where it lies in none."""
    verb = route.permission.verb if route.permission else None
    lies = RULES[verb].compartment if verb else None
    return (lies,) if isinstance(lies, int) else lies


@pytest.mark.parametrize(
    "fault",
    [
        "main.insertAdjacentHTML('beforeend', '<input>')",
        "main.append('Mörkt'); main.style.color = 'light-dark(#111, #222)'",
        "main.insertAdjacentHTML('beforeend', '<table><td>' + 'ordutanslut'.repeat(60) + '</table>')",
    ],
    ids=["a field without a label", "dark on dark", "too wide for a telephone"],
)
def test_a_deliberate_fault_is_seen(fault: str, browser_page: Any) -> None:
    browser_page.goto("/sign-in/")
    look_at(browser_page)
    browser_page.evaluate(f"() => {{ const main = document.querySelector('main'); {fault} }}")
    with pytest.raises(AssertionError):
        look_at(browser_page)


def test_every_route_is_visited_or_has_its_reason() -> None:
    found = {
        route.name for route in routes() if not re.match("GET|POST", route.pattern)
    }  # the API's operations
    told = set(VISITS) | SENT_ONLY | set(ELSEWHERE)
    assert found - told == set(), "visit these, or say where they are looked at"
    assert told - found == set(), "these are gone"
    assert not set(VISITS) & (SENT_ONLY | set(ELSEWHERE))


def test_what_only_takes_a_form_is_no_page(asvalla: Municipality, client_of: Callable[..., Any]) -> None:
    """So nothing that could be opened hides among the addresses that are not visited."""
    browsers: dict[Any, Any] = {}
    wrong: list[str] = []
    for route in routes():
        if route.name not in SENT_ONLY:
            continue
        fitting = roles_of(route.permission) if route.permission else ["*"]
        role = "case_worker" if fitting == ["*"] else fitting[0]
        branch = branches_of(route)
        if (role, branch) not in browsers:
            one = staff(asvalla, "Rut Rollsson", role, "Provenheten", compartments=branch)
            browsers[role, branch] = client_of(one)
        answer = browsers[role, branch].get(somewhere(route, {}))
        if answer.status_code not in (302, 405):
            wrong.append(f"{route.name}: {answer.status_code}")
    assert wrong == []
