"""What every page declares: for whom it is, and which permission it rests on.

A view without this declaration is found by `tests/architecture/test_routes.py`.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from livlina.core.access import Actor, Refused, RefusedInOutage, refusal, rule_for
from livlina.core.models import Submission

View = TypeVar("View", bound=Callable[..., Any])
"""A page's function, or an API operation's."""


@dataclass(frozen=True)
class Permission:
    """What a route declares."""

    audience: str
    verb: str | None
    once: bool = False


class Request(HttpRequest):
    """What a view gets: a request that knows who acts and when. For type checkers only."""

    actor: Actor
    now: Any
    htmx: Any


def page(audience: str, verb: str | None, *, once: bool = False) -> Callable[[View], View]:
    """Declare a view's audience and permission, and check the role before it runs.

    `audience` is public, citizen, officer, provider, operations or staff (any signed-in staff). Only a public
    page may have no verb. With `once`, a POST whose `submission_key` was seen before is answered with the
    first one's redirect, and nothing is written again.
    """
    if verb is None and audience not in ("public", "staff", "citizen"):
        raise ValueError("A page declares the verb it rests on.")

    def declare(view: View) -> View:
        @functools.wraps(view)
        def checked(request: HttpRequest, *args: Any, **options: Any) -> Any:
            if audience == "public":
                return view(request, *args, **options)
            actor: Actor | None = request.actor  # type: ignore[attr-defined]
            if actor is None:
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            admit(actor, audience, verb)
            if once and request.method == "POST":
                return _once(request, actor, lambda: view(request, *args, **options))
            return view(request, *args, **options)

        checked.permission = Permission(audience, verb, once)  # type: ignore[attr-defined]
        return cast(View, checked)

    return declare


def admit(actor: Actor, audience: str, verb: str | None) -> None:
    """Return if the page is open to the actor. Raises Refused.

    A page of all staff without a verb is about one's own ways in (keys, codes, password): never in an outage.
    """
    if not _fits(actor, audience):
        raise Refused(verb or f"{audience}.page")
    if verb is None and actor.outage:
        raise RefusedInOutage(f"{audience}.page")
    if verb is not None and not rule_for(verb).lets_in(actor):
        raise refusal(actor, verb)(verb)


def _fits(actor: Actor, audience: str) -> bool:
    """Return whether the actor's role belongs to the audience."""
    if audience == "citizen":
        return actor.kind == "citizen"
    if actor.kind != "staff":
        return False
    return audience == "staff" or actor.role in settings.AUDIENCES[audience]


def _once(request: HttpRequest, actor: Actor, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a form the first time; send a repeat of the same submission where the first one went.

    The row is claimed before the view runs: a second press that comes while the first is at work waits for it.
    """
    try:
        key = UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return answer()
    try:
        with transaction.atomic():
            row = Submission.objects.create(
                municipality_id=actor.municipality_id,
                user_id=cast(int, actor.user_id),
                key=key,
                at=request.now,  # type: ignore[attr-defined]
                location="",
            )
    except IntegrityError:
        first = Submission.objects.get(user_id=cast(int, actor.user_id), key=key)
        return HttpResponseRedirect(first.location)
    response = answer()
    if 300 <= response.status_code < 400:
        Submission.objects.filter(pk=row.pk).update(location=response["Location"])
    else:  # a form with faults is not done: the same page may be sent again
        Submission.objects.filter(pk=row.pk).delete()
    return response
