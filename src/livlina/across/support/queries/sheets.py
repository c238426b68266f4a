"""Finding the cheat-sheet: by words (Swedish full text), by the page one is on, and by what has helped before."""

import re
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Ln

from livlina.across.support.models import Sheet
from livlina.core.access import Actor, allowed

RECENTLY = timedelta(days=90)
SHOWN = 5
STOP = {
    "och",
    "att",
    "det",
    "som",
    "jag",
    "inte",
    "kan",
    "hur",
    "får",
    "vad",
    "med",
    "den",
    "har",
    "för",
    "på",
    "är",
}
_VECTOR = (
    SearchVector("title", weight="A", config="swedish")
    + SearchVector("keywords", weight="A", config="swedish")
    + SearchVector("body", weight="C", config="swedish")
)


def search(actor: Actor, text: str, now: datetime, limit: int = 20) -> list[Sheet]:
    """Return the cheat-sheets that fit some words, best first; all for one's side when nothing is written."""
    query = _query(text)
    rows = _weighed(allowed(actor, "support.read_sheets", Sheet.objects.filter(ended_at=None)), now)
    if query is None:
        return list(rows.order_by("-often", "title")[:limit])
    ranked = rows.annotate(rank=SearchRank(_VECTOR, query)).filter(rank__gt=0)
    return list(ranked.annotate(score=F("rank") + F("often") * 0.02).order_by("-score", "title")[:limit])


def proposed(
    actor: Actor, page: str, text: str, now: datetime, kind: str = "", limit: int = SHOWN
) -> list[Sheet]:
    """Return what to try first: those of the page one is on, like what was written, and often of help."""
    rows = _weighed(allowed(actor, "support.read_sheets", Sheet.objects.filter(ended_at=None)), now)
    query = _query(text)
    here = Case(
        *(When(pages__contains=[beginning], then=Value(1.0)) for beginning in _beginnings(page)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    alike = Case(When(kind=kind, then=Value(0.3)), default=Value(0.0), output_field=FloatField())
    rank = SearchRank(_VECTOR, query) if query is not None else Value(0.0, output_field=FloatField())
    rows = rows.annotate(here=here, alike=alike, rank=rank)
    if page or query is not None or kind:
        rows = rows.filter(Q(here__gt=0) | Q(rank__gt=0) | Q(alike__gt=0))
    score = F("here") * 0.8 + F("rank") * 2.0 + F("alike") + F("often") * 0.05
    return list(rows.annotate(score=score).order_by("-score", "title")[:limit])


def all_sheets(actor: Actor, now: datetime) -> QuerySet[Sheet]:
    """Return every cheat-sheet one may read, by title, with how often it was used and whether it helped."""
    rows = _weighed(allowed(actor, "support.read_sheets", Sheet.objects.all()), now)
    return rows.order_by(F("ended_at").asc(nulls_first=True), "title")


def _weighed(rows: QuerySet[Sheet], now: datetime) -> QuerySet[Sheet]:
    since = now - RECENTLY
    rows = rows.annotate(
        used=Count("uses", filter=Q(uses__at__gte=since), distinct=True),
        helped=Count("answers", filter=Q(answers__at__gte=since, answers__helped=True), distinct=True),
        missed=Count("answers", filter=Q(answers__at__gte=since, answers__helped=False), distinct=True),
    )
    return rows.annotate(
        often=Coalesce(Ln(Value(1.0) + F("used") + F("helped")), Value(0.0), output_field=FloatField())
    )


def _beginnings(page: str) -> list[str]:
    """Every beginning of a route's name that a cheat-sheet may say it belongs to: the room and the whole name."""
    room = page.partition(":")[0]
    bare = room.removesuffix("_provider").removesuffix("_citizen").removesuffix("_operations")
    name = page.partition(":")[2]
    return [
        one
        for one in dict.fromkeys((page, f"{bare}:{name}" if name else "", f"{room}:", f"{bare}:"))
        if one.strip(":")
    ]


def _query(text: str) -> SearchQuery | None:
    """Any of the words, by their stems; words that are in everything are left out."""
    words = [word for word in re.findall(r"[a-zåäöéü0-9]{2,}", text.lower()[:2000]) if word not in STOP][:40]
    if not words:
        return None
    return SearchQuery(
        " | ".join(f"{word}:*" if len(words) < 4 else word for word in words),
        config="swedish",
        search_type="raw",
    )
