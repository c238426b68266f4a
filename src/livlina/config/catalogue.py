"""`docs/catalogue.md`: every process the house can run, made from the processes themselves.

Laws, steps with who may take them, forms, deadlines, letters, and the told scenario that runs as its test.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import yaml

from livlina.authority.cases import engine
from livlina.authority.cases.engine import Catalogue, Process, Step
from livlina.authority.cases.engine.process import DeadlineRule, Setting

TEST = "src/livlina/authority/cases/engine/tests/test_scenarios.py"


def catalogue() -> str:
    """Return `docs/catalogue.md`."""
    found = engine.load()
    areas: dict[str, list[Process]] = {}
    for process in found.all():
        areas.setdefault(process.area, []).append(process)
    versions = len(found.all())
    codes = {process.code for process in found.all()}
    lines = [
        "# The catalogue",
        "",
        "Made by `livlina docs` from `src/livlina/processes/`; a test fails when it is out of date.",
        f"{len(codes)} processes in {versions} versions. Each ships a told scenario, which `{TEST}`",
        "runs as a test under the name of the version's folder. How to read and write the files:",
        "`src/livlina/processes/README.md`.",
        "",
        "| area | process | version | in use from | steps | facts asked | deadlines | letters | told as a test |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(found, process) for process in found.all()]
    for area, processes in areas.items():
        lines += ["", f"## {area}"]
        for process in processes:
            lines += _one(found, process)
    return "\n".join(lines) + "\n"


def _row(found: Catalogue, process: Process) -> str:
    facts = {field.fact.name for form in process.forms.values() for field in form.fields()}
    cells = (
        process.area,
        f"{process.label} (`{process.code}`)",
        process.version,
        process.valid_from.isoformat(),
        str(len(process.steps)),
        str(len(facts)),
        str(len(process.deadlines)),
        str(len(process.letters)),
        told(found, process),
    )
    return _line(cells)


def _one(found: Catalogue, process: Process) -> Iterator[str]:
    yield from ("", f"### {process.label} (`{process.code}`, {process.version})", "", process.about, "")
    yield f"Rests on {'; '.join(_law(found, key) for key in process.legal_basis)}."
    yield f"Told: {told(found, process)}"
    yield from _table(
        ("step", "from", "to", "who", "form", "law"), (_step(found, process, s) for s in process.steps)
    )
    rows = (_deadline(found, rule) for rule in process.deadlines)
    yield from _table(("deadline", "begins", "length", "stops at", "law", "told to", "lapses"), rows)
    forms = (
        (f"{form.label} (`{name}`)", form.audience, str(len(form.fields())))
        for name, form in process.forms.items()
    )
    yield from _table(("form", "for", "facts"), forms)
    letters = ((letter.label, f"`{letter.template}`") for letter in process.letters.values())
    yield from _table(("letter", "template"), letters)


def _step(found: Catalogue, process: Process, step: Step) -> tuple[str, ...]:
    sources = ", ".join(process.states[name].label for name in step.sources)
    form = f"`{step.form}` ({len(process.form(step.form).fields())})" if step.form else ""
    return (
        f"{step.label} (`{step.name}`)",
        sources,
        process.states[step.target].label,
        ", ".join(step.roles),
        form,
        found.law(step.law).label if step.law else "",
    )


def _deadline(found: Catalogue, rule: DeadlineRule) -> tuple[str, ...]:
    begins = ", ".join(f"`{anchor}`" for anchor in rule.anchors)
    told_to = "role on duty at 50 %, 80 % and each of the last three days" if rule.lapses else _ladder(rule)
    return (
        rule.label,
        f"{begins}, counted from `{rule.day}`" if rule.day else begins,
        _length(rule),
        ", ".join(f"`{step}`" for step in rule.stops_at),
        found.law(rule.law).label if rule.law else "",
        told_to,
        "yes" if rule.lapses else "",
    )


def _length(rule: DeadlineRule) -> str:
    """“4 months”, or the dated defaults of a setting: “14 days from 2025-07-01 (`time_to_decide`)”."""
    if not isinstance(rule.length, Setting):
        return str(rule.length)
    values = ", then ".join(
        f"{length}" + (f" from {begins}" if begins > date.min else "")
        for begins, _, length in rule.length.values
    )
    return f"{values} (`{rule.length.name}`)"


def _ladder(rule: DeadlineRule) -> str:
    said = []
    for rung in rule.escalate:
        when = (
            "on the day" if rung.length is None else f"{rung.length} {'before' if rung.before else 'after'}"
        )
        said.append(f"{rung.role} {when}")
    return ", ".join(said)


def _law(found: Catalogue, key: str) -> str:
    law = found.law(key)
    until = f" to {law.valid_to}" if law.valid_to else ""
    return f"{law.label} (from {law.valid_from}{until})"


def told(found: Catalogue, process: Process) -> str:
    """Return the title of the version's told scenario, linked to the file."""
    file = found.root / process.folder / "scenario.yaml"
    title = yaml.safe_load(file.read_text(encoding="utf-8"))["title"]
    return f"[{title}](../src/livlina/processes/{process.folder}/scenario.yaml)"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    found = [_line(row) for row in rows]
    if found:
        yield from ("", _line(head), "|" + "---|" * len(head), *found)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"
