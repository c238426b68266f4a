"""The components that read better as tags than as includes. Catalogue: livlina/core/ui/README.md."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from livlina.core.clock import local
from livlina.core.ids7 import uuid7
from livlina.core.ui.charts import Picture
from livlina.core.ui.dates import date_in_words
from livlina.core.ui.links import Links, links_for

register = template.Library()

SCHEMES = {"auto": _("Som i enheten"), "light": _("Ljust"), "dark": _("Mörkt")}

# What each priority is called and drawn as: never told apart by colour alone.
PRIORITIES = {
    "acute": ("Akut", "danger", "M8 1 15.5 14.5H.5Z"),
    "high": ("Hög", "warning", "M8 .5 15.5 8 8 15.5.5 8Z"),
    "normal": (
        "Normal",
        "neutral",
        "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6Z",
    ),
    "low": ("Låg", "neutral", "M2 7h12v2.4H2Z"),
}


@register.simple_tag(takes_context=True)
def audience_links(context: Context, audience: str) -> Links:
    """`{% audience_links "officer" as links %}`: the addresses a layout shows."""
    return links_for(audience, context.get("request"))


@register.simple_tag(takes_context=True)
def banners(context: Context) -> list[Any]:
    """`{% banners as rows %}`: what rooms show above the page (settings.BANNERS), each with title and workaround."""
    request = context.get("request")
    if request is None:
        return []
    return [row for name in getattr(settings, "BANNERS", ()) for row in import_string(name)(request)]


@register.simple_tag(takes_context=True)
def color_scheme(context: Context) -> str:
    """`auto`, `light` or `dark`: the choice in this browser's cookie, or else the user's."""
    request = context.get("request")
    chosen = request.COOKIES.get("livlina_scheme") if request else None
    return chosen if chosen in SCHEMES else getattr(_user(request), "appearance", "auto")


@register.simple_tag
def color_schemes() -> Iterable[tuple[str, Any]]:
    """The choices of colour scheme: (value, words)."""
    return SCHEMES.items()


@register.simple_tag(takes_context=True)
def keys_on(context: Context) -> bool:
    """Whether single-letter keys are on (WCAG 2.1.4: a person can switch them off)."""
    request = context.get("request")
    chosen = request.COOKIES.get("livlina_keys") if request else None
    return chosen == "on" if chosen in ("on", "off") else getattr(_user(request), "single_keys", True)


def _user(request: HttpRequest | None) -> object:
    """The user whom the session already brought along; never asks the database."""
    return getattr(request, "_cached_user", None)


@register.simple_tag(takes_context=True)
def has_errors(context: Context) -> bool:
    """True when the page shows a form with errors; the title then begins with "Fel: "."""
    if context.get("has_errors"):
        return True
    form = context.get("form")
    return isinstance(form, BaseForm) and form.is_bound and bool(form.errors)


@register.simple_tag(takes_context=True)
def submission_key(context: Context) -> SafeString:
    """`{% submission_key %}`: the hidden field for a form; the same key when a refused form is shown again."""
    request = context.get("request")
    kept = request.POST.get("submission_key") if request and request.method == "POST" else None
    return format_html('<input type="hidden" name="submission_key" value="{}">', kept or uuid7())


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """`{% error_summary form other %}`: one for the page's forms; `{{ form }}` already has its own."""
    return {"forms": [form for form in forms if form.is_bound and form.errors]}


@register.simple_tag
def status(words: str, color: str = "neutral") -> SafeString:
    """`{% status "Beviljad" "success" %}`; also neutral, info, warning, danger, accent, brand1."""
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', color, words)


@register.simple_tag
def priority(level: str) -> SafeString:
    """`{% priority "acute" %}`: word, shape and colour. Levels: acute, high, normal, low."""
    words, color, path = PRIORITIES[level]
    return format_html(
        '<span class="lv-priority" data-color="{}"><svg viewBox="0 0 16 16" aria-hidden="true">'
        '<path d="{}"/></svg>{}</span>',
        color, path, words,
    )  # fmt: skip


@register.filter
def in_words(value: date) -> str:
    """`onsdag 25 november 2026`."""
    return date_in_words(local(value).date() if isinstance(value, datetime) else value)


@register.filter
def stamp(value: datetime) -> str:
    """`2026-11-25 14:32`, Swedish time."""
    return f"{local(value):%Y-%m-%d %H:%M}"


@register.inclusion_tag("ui/components/bar_chart.html")
def bar_chart(
    title: str,
    rows: Iterable[tuple[str, float] | tuple[str, float, str]],
    unit: str = "Antal",
    of: str = "Vad",
) -> dict[str, Any]:
    """`{% bar_chart "Nya ärenden i november" rows "Ärenden" "Slag" %}`: bars drawn on the server, inside their table.

    `rows` are (label, value ≥ 0), or (label, value, words) where the value is told in other words than its number;
    `unit` and `of` head the columns of values and labels.
    """
    many = [(row[0], row[1], row[2] if len(row) > 2 else row[1]) for row in rows]
    top = max((value for _, value, _ in many), default=0) or 1
    bars = [
        {"label": label, "value": words, "width": round(value / top * 100, 1)} for label, value, words in many
    ]
    return {"title": title, "bars": bars, "unit": unit, "of": of}


@register.inclusion_tag("ui/components/line_chart.html")
def line_chart(picture: Picture) -> dict[str, Any]:
    """`{% line_chart picture %}`: a curve (`core.ui.charts`). Its numbers stand in a table beside it."""
    return {"picture": picture}
