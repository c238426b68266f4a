"""Every route says who may use it, and keeps its word for every role of both municipalities."""

from pathlib import Path

import pytest

from livlina.config.pages import LIBRARY_ROUTES, PAGES, routes
from livlina.core.access import RULES

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_route_declares_its_permission() -> None:
    bare = [
        route.pattern
        for route in routes()
        if route.permission is None and not LIBRARY_ROUTES.match(route.pattern)
    ]
    assert bare == []


def test_every_declared_verb_has_a_rule_and_every_rule_is_used_by_somebody() -> None:
    declared = {route.permission.verb for route in routes() if route.permission and route.permission.verb}
    assert declared - set(RULES) == set()
    assert [verb for verb, rule in RULES.items() if not rule.roles] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_made_pages_of_the_documentation_are_up_to_date(name: str) -> None:
    """Run `./livlina docs` when this fails, and read what changed."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()
