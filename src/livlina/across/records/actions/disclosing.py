"""Answering a request: each item tried for harm, the written answer, and the handing out of exact bytes."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from livlina.across.records import masking, queries
from livlina.across.records.codes import GROUNDS, OUTCOMES, REFUSALS
from livlina.across.records.models import (
    DisclosureDecision,
    DisclosureItem,
    DisclosureRequest,
    HandedOut,
    ReceivedDocument,
)
from livlina.across.records.queries import Source
from livlina.authority.cases.actions.letters import render_pdf
from livlina.authority.cases.actions.redaction import leaks_in
from livlina.authority.cases.models import Case, Document, signature
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand, fetch
from livlina.core.clock import day_of
from livlina.core.models import Municipality

APPEAL = (
    "Du kan överklaga beslutet till kammarrätten. Skriv vilket beslut du överklagar och vilken ändring du vill ha. "
    "Skicka överklagandet till nämnden, inte till domstolen. Det ska ha kommit in till nämnden inom tre veckor från den "
    "dag du fick del av beslutet (6 kap. 7 § offentlighets- och sekretesslagen, 44 § förvaltningslagen)."
)


class DisclosureRefused(Exception):
    """The step does not fit the request as it stands. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Judgement:
    """How one item is judged."""

    verdict: str
    ground: str = ""
    rule: str = ""
    refusal: str = ""
    harm_test: str = ""
    masked: tuple[str, ...] = ()


def judge(
    request: DisclosureRequest,
    source_type: str,
    source_id: UUID,
    judgement: Judgement,
    *,
    by: Actor,
    now: datetime,
) -> DisclosureItem:
    """Judge one item of a request by the reverse harm test (OSL 26:1). Judged again it is a new row.

    Raises Refused, DisclosureRefused.
    """
    demand(by, "records.disclose", request)
    _open(request)
    source = _sources(request, by, now).get((source_type, source_id))
    if source is None:
        raise DisclosureRefused("Handlingen finns inte i akten, eller du får inte läsa den.")
    _fits(request, source, judgement)
    item = DisclosureItem.objects.create(
        **signature(by, now),
        compartment=request.compartment,
        request=request,
        source_type=source_type,
        source_id=source_id,
        label=source.label[:200],
        verdict=judgement.verdict,
        ground=judgement.ground if judgement.verdict != "refused" else "",
        rule=judgement.rule.strip(),
        refusal=judgement.refusal if judgement.verdict != "whole" else "",
        harm_test=judgement.harm_test.strip(),
        masked=list(judgement.masked) if judgement.verdict == "masked" else [],
    )
    audit.wrote(
        by, "records.disclose", now=now, person_id=request.person_id, obj=item,
        detail={"verdict": judgement.verdict, "source": f"{source_type}:{source_id}"},
    )  # fmt: skip
    return item


def decide_disclosure(
    request: DisclosureRequest, reasons: str = "", *, by: Actor, now: datetime
) -> DisclosureDecision:
    """Write the answer. What is refused, wholly or partly, takes reasons and the right to appeal (OSL 6:3, 6:7).

    Raises Refused, DisclosureRefused.
    """
    demand(by, "records.disclose", request)
    _open(request)
    items = list(queries.judged(request).values())
    if not items:
        raise DisclosureRefused("Pröva minst en handling först.")
    verdicts = {item.verdict for item in items}
    outcome = "released" if verdicts == {"whole"} else "refused" if verdicts == {"refused"} else "partly"
    if outcome != "released":
        demand(by, "records.refuse", request)
        if len(reasons.strip()) < 10:
            raise DisclosureRefused("Skriv skälen för det som inte lämnas ut.")
    pdf = _answer(request, items, outcome, reasons.strip(), by, now)
    decision = DisclosureDecision.objects.create(
        **signature(by, now),
        compartment=request.compartment,
        request=request,
        outcome=outcome,
        reasons=reasons.strip() if outcome != "released" else "",
        appeal_text=APPEAL if outcome != "released" else "",
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    audit.wrote(
        by, "records.refuse" if outcome != "released" else "records.disclose", now=now,
        person_id=request.person_id, obj=decision, detail={"outcome": outcome},
    )  # fmt: skip
    return decision


@transaction.atomic
def hand_out(
    request: DisclosureRequest, *, to_name: str, how: str, by: Actor, now: datetime
) -> list[HandedOut]:
    """Make and store the very bytes that are handed out, once; a second press gives the first ones.

    Raises Refused, and DisclosureRefused when something is not judged, not decided, or carries what the recipient
    may not learn of another.
    """
    demand(by, "records.disclose", request)
    with connection.cursor() as cursor:  # a permanent row cannot be locked: that takes the right to change it
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(request.pk)])
    done = queries.handed_out(request)
    if done:
        return done
    items = queries.judged(request)
    _ready(request, items)
    if how == "e_service" and request.asker_kind != "self":
        raise DisclosureRefused("I e-tjänsten lämnas bara den enskildes egna uppgifter ut till den enskilde.")
    released = {key: item for key, item in items.items() if item.verdict != "refused"}
    rows = [
        HandedOut.objects.create(
            **signature(by, now),
            compartment=request.compartment,
            request=request,
            position=position,
            to_name=to_name.strip() or request.asker_name,
            how=how,
            sha256=hashlib.sha256(part["content"]).hexdigest(),
            **part,
        )
        for position, part in enumerate(_made(request, released, by, now), start=1)
    ]
    audit.wrote(
        by, "records.disclose", now=now, person_id=request.person_id, obj=request,
        detail={"handed": [row.sha256 for row in rows], "how": how},
    )  # fmt: skip
    return rows


def _made(
    request: DisclosureRequest, released: dict[tuple[str, UUID], DisclosureItem], by: Actor, now: datetime
) -> list[dict]:
    """The very bytes of what is released, masked and looked through. Raises DisclosureRefused."""
    sources = _sources(request, by, now)
    missing = [item.label for key, item in released.items() if key not in sources]
    if missing:
        raise DisclosureRefused(f"Går inte längre att läsa: {missing[0]}")
    texts = [(item, _masked(sources[key], item)) for key, item in released.items() if not sources[key].file]
    letters = [item for key, item in released.items() if item.source_type == "cases.document"]
    _clean(request, [(item.label, text) for item, text in texts] + _told(letters))
    return _parts(request, texts, [item for key, item in released.items() if sources[key].file], by, now)


def collect(handed_id: UUID, *, by: Actor, now: datetime) -> HandedOut:
    """Return what was handed out to the citizen, byte for byte; the first time is noted. Raises Refused."""
    found = fetch(by, "records.collect", HandedOut.objects.select_related("request"), pk=handed_id)
    HandedOut.objects.filter(pk=found.pk, collected_at=None).update(collected_at=now)
    audit.read(by, "records.collect", now=now, person_id=found.request.person_id, obj=found)
    return found


def read_answer(request: DisclosureRequest, *, by: Actor, now: datetime) -> DisclosureDecision:
    """Return the written answer to the citizen's own request, and record the reading. Raises Refused."""
    demand(by, "records.follow", request)
    found = queries.newest_decision(request)
    if found is None:
        raise Refused("records.follow", person_id=request.person_id)
    audit.read(by, "records.follow", now=now, person_id=request.person_id, obj=found)
    return found


def read_handed(handed_id: UUID, *, by: Actor, now: datetime) -> HandedOut:
    """Return what was handed out, byte for byte, to whoever answers the request. Raises Refused."""
    found = HandedOut.objects.select_related("request").filter(pk=handed_id).first()
    if found is None:
        raise Refused("records.disclose", obj=f"records.handedout:{handed_id}")
    demand(by, "records.disclose", found.request)
    audit.read(by, "records.disclose", now=now, person_id=found.request.person_id, obj=found)
    return found


def _open(request: DisclosureRequest) -> None:
    if HandedOut.objects.filter(request=request).exists():
        raise DisclosureRefused("Det som begärdes är redan utlämnat. En ny begäran prövas för sig.")


def _ready(request: DisclosureRequest, items: Mapping[tuple[str, UUID], DisclosureItem]) -> None:
    """Refuse what is not judged, wholly refused, or refused in part without its written answer."""
    released = [item for item in items.values() if item.verdict != "refused"]
    if not items:
        raise DisclosureRefused("Pröva minst en handling först.")
    if not released:
        raise DisclosureRefused("Inget av det begärda lämnas ut.")
    if len(released) < len(items) or any(item.verdict == "masked" for item in released):
        decision = queries.newest_decision(request)
        if decision is None or decision.at < max(item.at for item in items.values()):
            raise DisclosureRefused("Något lämnas inte ut. Det ska först beslutas skriftligt, med skäl.")


def _sources(request: DisclosureRequest, by: Actor, now: datetime) -> dict[tuple[str, UUID], Source]:
    akt = queries.akt_of(by, request.person, request.compartment, now)
    return {(source.kind, source.pk): source for source in queries.sources(akt)}


def _fits(request: DisclosureRequest, source: Source, judgement: Judgement) -> None:
    """Refuse, in words, a judgement that lacks what its kind takes."""
    tested = len(judgement.harm_test.strip()) >= 10
    if judgement.verdict != "refused" and not judgement.ground:
        raise DisclosureRefused("Välj på vilken grund handlingen lämnas ut.")
    if judgement.ground == "own" and request.asker_kind != "self":
        raise DisclosureRefused("Grunden egna uppgifter gäller bara den enskilde själv.")
    if judgement.ground == "breaking_rule" and judgement.verdict != "refused" and not judgement.rule.strip():
        raise DisclosureRefused("Skriv vilken sekretessbrytande bestämmelse som gäller.")
    if judgement.verdict != "whole" and not judgement.refusal:
        raise DisclosureRefused("Välj enligt vilken bestämmelse uppgiften inte lämnas ut.")
    needs_test = judgement.verdict != "whole" or judgement.ground in ("no_harm", "breaking_rule")
    if source.file and request.asker_kind != "self":
        needs_test = True  # what stands in a file that came in cannot be tried by the machine
    if (needs_test or request.person.is_protected) and not tested:
        raise DisclosureRefused("Skriv skadeprövningen av just den här handlingen.")
    if judgement.verdict == "masked":
        if source.file:
            raise DisclosureRefused("En fil kan inte maskeras här. Lämna ut den hel eller inte alls.")
        if not any(passage.strip() for passage in judgement.masked):
            raise DisclosureRefused("Skriv vilka stycken som maskeras.")
        try:
            masking.mask(source.text, list(judgement.masked))
        except masking.NotThere as wrong:
            raise DisclosureRefused(str(wrong)) from None


def _masked(source: Source, item: DisclosureItem) -> str:
    try:
        return masking.mask(source.text, item.masked)
    except masking.NotThere as wrong:  # the text has been corrected since it was judged
        raise DisclosureRefused(f"{item.label}: texten är ändrad sedan den prövades. {wrong}") from None


def _told(letters: list[DisclosureItem]) -> list[tuple[str, str]]:
    """What each letter was made from: a stored letter is a picture of that, and is tried by it."""
    rows = Document.objects.in_bulk([item.source_id for item in letters])
    return [(item.label, json.dumps(rows[item.source_id].data, ensure_ascii=False)) for item in letters]


def _clean(request: DisclosureRequest, texts: list[tuple[str, str]]) -> None:
    """Refuse if a text carries what the recipient may not learn of another in the matter (OSL 21:3, 22:1)."""
    recipient = request.asker_person
    if recipient is None:
        return
    for case in Case.objects.filter(person_id=request.person_id, compartment=request.compartment):
        found = leaks_in(case, recipient, texts)
        if found:
            where = ", ".join(dict.fromkeys(leak.where for leak in found))
            raise DisclosureRefused(f"En annan persons skyddade uppgift står i: {where}. Maskera den.")


def _parts(
    request: DisclosureRequest,
    texts: list[tuple[DisclosureItem, str]],
    files: list[DisclosureItem],
    by: Actor,
    now: datetime,
) -> list[dict]:
    """What is handed out: one PDF with the texts, then each document as its own file, unchanged."""
    found: list[dict] = []
    if texts:
        title = f"Utlämnande {request.reference}"
        facts = _heading(request, by, now) | {"rows": [(item, text) for item, text in texts], "title": title}
        with translation.override("sv"):
            pdf = render_pdf(render_to_string("records/handed_print.html", facts), title)
        name = f"{request.reference.replace(' ', '-')}.pdf"
        found.append({"title": title, "filename": name, "content_type": "application/pdf", "content": pdf})
    for item in files:
        if item.source_type == "cases.document":
            letter = Document.objects.get(pk=item.source_id)
            found.append(
                {"title": item.label, "filename": f"{letter.kind}.pdf", "content_type": "application/pdf",
                 "content": bytes(letter.pdf)}
            )  # fmt: skip
        else:
            document = ReceivedDocument.objects.get(pk=item.source_id)
            found.append(
                {"title": item.label, "filename": document.filename, "content_type": document.content_type,
                 "content": bytes(document.content)}
            )  # fmt: skip
    return found


def _answer(
    request: DisclosureRequest,
    items: list[DisclosureItem],
    outcome: str,
    reasons: str,
    by: Actor,
    now: datetime,
) -> bytes:
    facts = _heading(request, by, now) | {
        "outcome": dict(OUTCOMES)[outcome],
        "refused": [(item, dict(REFUSALS)[item.refusal]) for item in items if item.verdict != "whole"],
        "released": [(item, dict(GROUNDS)[item.ground]) for item in items if item.verdict != "refused"],
        "reasons": reasons if outcome != "released" else "",
        "appeal": APPEAL if outcome != "released" else "",
    }
    with translation.override("sv"):
        return render_pdf(
            render_to_string("records/answer_print.html", facts), f"Beslut om utlämnande {request.reference}"
        )


def _heading(request: DisclosureRequest, by: Actor, now: datetime) -> dict:
    municipality = Municipality.objects.get(pk=request.municipality_id)
    return {"request": request, "by": by, "day": day_of(now), "municipality_name": municipality.name}
