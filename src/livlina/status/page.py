"""The page for everyone: HTML by hand, one style sheet, no script, nothing of the main system.

Readable at three in the morning: what does not work comes first, with what to do instead.
"""

from __future__ import annotations

import base64
import hashlib
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
REFRESH = 30
"""Seconds between fetches by the browser itself."""


@cache
def style() -> str:
    """The style sheet."""
    return (Path(__file__).parent / "static" / "status.css").read_text(encoding="utf-8")


@cache
def policy() -> str:
    """The content security policy: our one style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def public(monitor: Monitor, language: str = "sv") -> dict[str, Any]:
    """Return what anyone may know, as JSON: our own words only."""
    state = monitor.state
    functions = {
        name: {
            "works": one.works,
            "since": monitor.since(name),
            "name": LANGUAGES[language][name].name,
            "words": said(name, one, state.level.level, language),
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


def said(name: str, seen: Seen, level: int, language: str) -> str:
    """Return the sentence of one function as it is now, with what to do instead when it does not work."""
    one = LANGUAGES[language][name]
    if not seen.works:
        return f"{one.bad} {one.instead}"
    if name == "alarms" and seen.code == "one_left":
        return words.ONE_RECEIVER[language]
    return one.good


def html(monitor: Monitor, now: datetime, language: str = "sv") -> str:
    """Return the page as it stands at `now`."""
    told, state = PAGE[language], monitor.state
    bad = [name for name in _shown(monitor) if not state.seen[name].works]
    good = [name for name in words.FIRST if name in _shown(monitor) and name not in bad]
    spare = [name for name in words.RESERVES if name in _shown(monitor) and name not in bad]
    main = [f'<h1 class="sum {"bad" if bad else "good"}">{escape(_sum(monitor, len(bad), language))}</h1>']
    if state.at is None:
        main.append(f'<p class="quiet">{told["starting"]}</p>')
    elif now - state.at > OLD:
        main.append(f'<p class="old">{told["old"].format(when=moment(state.at, now, language))}</p>')
    else:
        main.append(f'<p class="quiet">{told["as_of"].format(when=moment(state.at, now, language))}</p>')
    if level := SHED[language].get(state.level.level):
        main.append(f'<section class="shed"><h2 hidden>{told["shed"]}</h2><p>{escape(level)}</p></section>')
    if bad or good:
        rows = [_row(monitor, name, now, language) for name in (*bad, *good)]
        main.append(f"<h2>{told['first']}</h2><ul>{''.join(rows)}</ul>")
    if spare:
        rows = [_row(monitor, name, now, language) for name in spare]
        main.append(f'<h2>{told["reserves"]}</h2><ul class="small">{"".join(rows)}</ul>')
    return _whole("".join(main), told, language)


def _shown(monitor: Monitor) -> list[str]:
    seen = monitor.state.seen
    return [name for name in (*words.FIRST, *words.RESERVES) if name in seen and seen[name].set_up]


def _sum(monitor: Monitor, bad: int, language: str) -> str:
    told = PAGE[language]
    if monitor.state.at is None:
        return told["title"]
    return told["all"] if not bad else told["one"] if bad == 1 else told["some"].format(n=bad)


def _row(monitor: Monitor, name: str, now: datetime, language: str) -> str:
    told, seen = PAGE[language], monitor.state.seen[name]
    one: Words = LANGUAGES[language][name]
    began = monitor.history.since.get(name)
    since = told["since"].format(when=moment(began[1], now, language)) if began else ""
    if seen.works:
        text = said(name, seen, monitor.state.level.level, language)
        return (
            f'<li><div><h3>{escape(one.name)}</h3><span class="mark">✓ {told["works"]}</span></div>'
            f"<p>{escape(text)}</p></li>"
        )
    return (
        f'<li class="bad"><div><h3>{escape(one.name)}</h3><span class="mark">✕ {told["works_not"]}</span></div>'
        f'<p>{escape(one.bad)} <span class="quiet">{escape(since)}</span></p>'
        f'<p class="do"><b>{told["instead"]}</b> {escape(one.instead)}</p></li>'
    )


def _whole(main: str, told: dict[str, str], language: str) -> str:
    other = "en" if language == "sv" else "sv"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{REFRESH}"><meta name="robots" content="noindex">'
        f"<title>{told['title']} – Livlina</title><style>{style()}</style></head><body>"
        f"<header><b>Livlina · {told['title']}</b>"
        f'<a href="{told["other_address"]}" lang="{other}" hreflang="{other}">{told["other"]}</a></header>'
        f"<main>{main}</main>"
        f"<footer><p>{told['urgent']}</p><p>{told['help']}</p></footer></body></html>"
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
