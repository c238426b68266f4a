"""The page for everyone: HTML by hand, one style sheet and a small script it can do without, nothing of the main system.

Readable at three in the morning: what does not work comes first, with what to do instead.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from livlina.status import words
from livlina.status.monitor import Monitor
from livlina.status.probes import Seen
from livlina.status.words import LANGUAGES, PAGE, SHED, Words

STOCKHOLM = ZoneInfo("Europe/Stockholm")
OLD = timedelta(minutes=2)
"""After so long without a look the page says that the checks have stopped."""


@cache
def static(name: str) -> str:
    """A file of our own: the style sheet or the script, both put into the page itself."""
    return (Path(__file__).parent / "static" / name).read_text(encoding="utf-8")


@cache
def policy() -> str:
    """The content security policy: our one style sheet, our one script, and nothing else."""
    style, script = (
        base64.b64encode(hashlib.sha256(static(name).encode()).digest()).decode()
        for name in ("status.css", "status.js")
    )
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def public(monitor: Monitor, language: str = "sv") -> dict[str, Any]:
    """Return what anyone may know, as JSON: our own words only."""
    state = monitor.state
    functions = {
        name: {
            "works": one.works,
            "since": monitor.since(name),
            "name": LANGUAGES[language][name].name,
            "words": said(name, one, language),
        }
        for name, one in state.seen.items()
        if one.set_up
    }
    return {
        "at": state.at.isoformat() if state.at else None,
        "functions": functions,
        "level": state.level.level,
        "level_words": SHED[language].get(state.level.level, ""),
    }


def said(name: str, seen: Seen, language: str) -> str:
    """Return the sentence of one function as it is now, with what to do instead when it does not work."""
    one = _words(name, seen, language)
    if not seen.works:
        return f"{one.bad} {one.instead}"
    if name == "alarms" and seen.code == "one_left":
        return words.ONE_RECEIVER[language]
    return one.good


def _words(name: str, seen: Seen, language: str) -> Words:
    return words.READS_ONLY[language] if seen.code == "reads_only" else LANGUAGES[language][name]


def html(monitor: Monitor, now: datetime, language: str = "sv") -> str:
    """Return the page as it stands at `now`."""
    told, state = PAGE[language], monitor.state
    main = [_sum(monitor, language)]
    if state.at is None:
        main.append(f'<p class="quiet">{told["starting"]}</p>')
    else:
        old = now - state.at > OLD
        text = told["old" if old else "as_of"].format(when=moment(state.at, now, language))
        main.append(f'<p class="{"old" if old else "quiet"}">{text}</p>')
    if level := SHED[language].get(state.level.level):
        main.append(f'<p class="shed">{escape(level)}</p>')
    for names, title, kind in ((words.FIRST, "first", ""), (words.RESERVES, "reserves", "small")):
        shown = sorted(_shown(monitor, names), key=lambda name: state.seen[name].works)
        rows = [_row(monitor, name, now, language) for name in shown]
        if rows:
            main.append(f'<h2>{told[title]}</h2><ul class="{kind}">{"".join(rows)}</ul>')
    return _whole("".join(main), told, language)


def _shown(monitor: Monitor, names: Iterable[str]) -> list[str]:
    """Those that are set up. Where no page answers nobody wonders about signing in."""
    seen = monitor.state.seen
    there = [name for name in names if name in seen and seen[name].set_up]
    return [name for name in there if name != "sign_in" or seen["web"].works]


def _sum(monitor: Monitor, language: str) -> str:
    """Return the heading: in one line what one came to know, and beside what is broken what is not."""
    told, seen = PAGE[language], monitor.state.seen
    first = _shown(monitor, words.FIRST)
    bad = [name for name in first if not seen[name].works and name != words.ALONE]
    spare = [name for name in _shown(monitor, words.RESERVES) if not seen[name].works]
    kind, text = "bad", told["some"].format(n=len(bad))
    if monitor.state.at is None:
        kind, text = "", told["title"]
    elif "web" in bad:
        text = told["down"]
    elif len(bad) == 1:
        text = told["one"]
    elif not bad and (spare or monitor.state.level.level in SHED[language]):
        kind, text = "warn", told["tight" if monitor.state.level.level in SHED[language] else "spare"]
    elif not bad:
        kind, text = "good", told["all"]
    heading = f'<h1 class="sum {kind}">{text}</h1>'
    good = [LANGUAGES[language][name].name for name in first if seen[name].works]
    if bad and good:
        heading += f'<p class="also">{told["works_all"].format(names=escape(", ".join(good)))}</p>'
    return heading


def _row(monitor: Monitor, name: str, now: datetime, language: str) -> str:
    told, seen = PAGE[language], monitor.state.seen[name]
    one = _words(name, seen, language)
    if seen.works:
        text = said(name, seen, language)
        return (
            f'<li><div><h3>{escape(one.name)}</h3><span class="mark">✓ {told["works"]}</span></div>'
            f"<p>{escape(text)}</p></li>"
        )
    alone = name == words.ALONE
    mark = f"! {told['alone']}" if alone else f"✕ {told['works_not']}"
    began = monitor.history.since.get(name)
    since = told["since"].format(when=moment(began[1], now, language)) if began else ""
    return (
        f'<li class="{"alone" if alone else "bad"}"><div><h3>{escape(one.name)}</h3>'
        f'<span class="mark">{mark}</span></div><p>{escape(one.bad)} {escape(since)}</p>'
        f'<p class="do"><b>{told["instead"]}</b> {escape(one.instead)}</p></li>'
    )


def _whole(main: str, told: dict[str, str], language: str) -> str:
    other = "en" if language == "sv" else "sv"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{told['title']} – Livlina</title><style>{static('status.css')}</style></head><body>"
        f"<header><b>Livlina · {told['title']}</b>"
        f'<a href="{told["other_address"]}" lang="{other}" hreflang="{other}">{told["other"]}</a></header>'
        f'<p class="old" role="status" data-lost hidden>{told["lost"]}</p><main>{main}</main>'
        f"<footer><p>{told['urgent']}</p><p>{told['help']}</p></footer>"
        f'<script type="module">{static("status.js")}</script></body></html>'
    )


def moment(at: datetime, now: datetime, language: str) -> str:
    """Return a moment as one says it: “i dag 13.05”, “i går 22.10”, “3/3 08.00”."""
    told, here, today = PAGE[language], at.astimezone(STOCKHOLM), now.astimezone(STOCKHOLM).date()
    time = here.strftime("%H.%M" if language == "sv" else "%H:%M")
    if here.date() == today:
        return told["today"].format(time=time)
    if here.date() == today - timedelta(days=1):
        return told["yesterday"].format(time=time)
    return f"{here.day}/{here.month} {time}"
