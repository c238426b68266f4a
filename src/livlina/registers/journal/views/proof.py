"""Where anyone verifies a proof: in their own browser, with keys that stand in the page. The page can be saved."""

import base64
import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import json_script
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from livlina.core import tenancy
from livlina.core.models import Municipality
from livlina.core.views import page
from livlina.registers.journal.log import witnesses
from livlina.registers.journal.log.proof import log_keys

STATIC = Path(__file__).parent.parent / "static" / "journal"
KEPT = timedelta(minutes=5)


@page("public", None)
@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """The page: choose a file, and see what it proves. Nothing is sent."""
    context = {"keys": trusted(request.now), "words": words()}  # type: ignore[attr-defined]
    return render(request, "journal/proof.html", context)


@page("public", None)
@require_safe
def proof_alone(request: HttpRequest) -> HttpResponse:
    """The same page as one file that works without us: script, style and keys in it, and no way to send anything."""
    script = (STATIC / "proof.js").read_text(encoding="utf-8")
    style = (STATIC / "proof.css").read_text(encoding="utf-8")
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    keys = trusted(request.now)  # type: ignore[attr-defined]
    whole = render_to_string("journal/proof_alone.html", {
        "policy": policy,
        "style": mark_safe(f"<style>{style}</style>"),  # noqa: S308 - our own file
        "script": mark_safe(f'<script type="module">{script}</script>'),  # noqa: S308 - our own file
        "data": json_script(keys, "proof-keys") + json_script(words(), "proof-words"),
        "keys": keys,
        "now": request.now,  # type: ignore[attr-defined]
    }, request)  # fmt: skip
    answer = HttpResponse(whole, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="kontrollera-bevis.html"'
    return answer


def trusted(now: datetime) -> dict[str, Any]:
    """Return the keys that stand in the page: of every municipality's logs here, and of the witnesses."""
    found = cache.get("journal.proof.keys")
    if found is None:
        logs: dict[str, str] = {}
        for municipality_id in Municipality.objects.order_by("pk").values_list("pk", flat=True):
            with tenancy.acting(municipality_id):
                logs |= log_keys(municipality_id, now)
        found = json.dumps(
            {"logs": logs, "witnesses": {one.name: str(one.key) for one in witnesses.configured()}}
        )
        if not settings.TEST:
            cache.set("journal.proof.keys", found, KEPT.total_seconds())
    return dict(json.loads(found))


def words() -> dict[str, str]:
    """What the page says of a result, in the reader's language."""
    return {
        "holds": _("Beviset håller"),
        "alone": _("Beviset håller, men inget vittne utanför kommunen har intygat det"),
        "fails": _("Beviset håller inte"),
        "advice": _("Hämta filen en gång till. Blir svaret detsamma: spara filen, och fråga kommunen."),
        "unknown": _("Filen kommer från en journal vars nyckel inte finns i den här sidan."),
        "unsigned": _("Journalens underskrift stämmer inte."),
        "seen": _("WITNESS hade sett journalen så här TIME."),
        "note": _("Anteckning"),
        "correction": _("Rättelse"),
        "dissent": _("Din egen uppfattning"),
        "as_written": _("Står i journalen, ord för ord som här."),
        "only_digest": _("Står i journalen. Orden följer inte med i beviset, så de kan inte jämföras här."),
        "changed": _("Orden i filen är inte de som skrevs i journalen."),
        "not_placed": _("Står inte så i journalen."),
        "unreadable": _("Filen går inte att läsa. Välj filen bevis.json, som du hämtade i e-tjänsten."),
        "old_browser": _("Din webbläsare är för gammal för att kontrollera underskrifter. Prova en nyare."),
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
