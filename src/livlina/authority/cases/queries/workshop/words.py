"""The process language said in Swedish: lengths, anchors, conditions and what a step asks for."""

from collections.abc import Mapping

from livlina.authority.cases.engine import Process
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.authority.cases.engine.process import Condition, DeadlineRule, Escalation, Setting
from livlina.authority.cases.queries.workshop.guards import GUARDS
from livlina.core.calendar import Length

UNITS = {
    "day": ("dag", "dagar"),
    "week": ("vecka", "veckor"),
    "month": ("månad", "månader"),
    "hour": ("timme", "timmar"),
    "next working day": ("arbetsdag", "arbetsdagar"),
}
ANCHORS = {
    "received": "dagen ärendet kom in",
    "decided": "dagen för beslutet",
    "notified": "dagen den enskilde fick beslutet",
    "decision_end": "beslutets sista dag",
    "interrupted": "första dagen insatsen inte utfördes",
    "decision_requested": "dagen begäran om att ärendet avgörs kom in",
    "appeal_received": "dagen överklagandet kom in",
    "followed_up": "dagen för den senaste uppföljningen",
}
SECRECY = {
    "social": "personliga förhållanden (26 kap. 1 § OSL)",
    "health": "hälsa, känslig uppgift",
    "third_party": "om någon annan än parten",
    "security": "skyddar hemmet: koder och nycklar",
    "protected": "skyddade uppgifter: var någon finns",
}
TYPES = {
    "text": "text",
    "long_text": "längre text",
    "yes_no": "ja eller nej",
    "choice": "ett val",
    "choices": "flera val",
    "date": "dag",
    "number": "tal",
    "money": "belopp",
    "period": "tid från och till",
    "rated_choices": "bedömning per område",
    "person_ref": "person",
}
AUDIENCES = {"citizen": "den enskilde", "officer": "handläggaren", "provider": "utföraren"}
GIVERS = {
    "citizen": "den enskilde",
    "officer": "myndigheten",
    "provider": "utföraren",
    "register": "ett register",
}


def length(said: Length) -> str:
    """“3 månader”."""
    one, many = UNITS[said.unit]
    return f"{said.count} {one if said.count == 1 else many}"


def rule_length(rule: DeadlineRule, own: Mapping[str, Length] | None = None) -> str:
    """The length of a deadline: fixed by the process or a statute, the municipality's own, or the newest default."""
    if not isinstance(rule.length, Setting):
        return length(rule.length)
    chosen = None if rule.length.statute else (own or {}).get(rule.length.name)
    return length(chosen or rule.length.values[-1][2])


def begins(rule: DeadlineRule, process: Process) -> str:
    """“dagen ärendet kom in”, or the steps that begin the clock, and the fact it is counted from."""
    said = " eller ".join(ANCHORS.get(name) or f"”{step_label(process, name)}”" for name in rule.anchors)
    return f"{said}, räknat från dagen i ”{fact_label(process, rule.day)}”" if rule.day else said


def stops(rule: DeadlineRule, process: Process) -> str:
    """The steps that stop the clock."""
    return ", ".join(f"”{step_label(process, name)}”" for name in rule.stops_at)


def ladder(rule: DeadlineRule) -> str:
    """Who is told when."""
    if rule.lapses:
        return "jouren och handläggaren vid halva tiden, vid 80 % och var och en av de tre sista dagarna"
    return ", ".join(_rung(rung) for rung in rule.escalate)


def _rung(rung: Escalation) -> str:
    if rung.length is None:
        return f"{role(rung.role)} samma dag"
    return f"{role(rung.role)} {length(rung.length)} {'före' if rung.before else 'efter'}"


def role(code: str) -> str:
    """What a role is called in a sentence."""
    return KNOWN_ROLES.get(code, code)


def roles(codes: tuple[str, ...]) -> str:
    """“biståndshandläggare, enhetschef”."""
    return ", ".join(role(code) for code in codes)


def guard(name: str) -> str:
    """What must hold, in a clause; the word itself when it has no clause."""
    return GUARDS.get(name, name.replace("_", " "))


def step_label(process: Process, name: str) -> str:
    """A step's title; the name when the process has no such step."""
    return next((step.label for step in process.steps if step.name == name), name)


def state_label(process: Process, name: str) -> str:
    """A state's title; the name when the process has no such state."""
    return process.states[name].label if name in process.states else name


def fact_label(process: Process, name: str) -> str:
    """A fact's question, looked for in the forms of the process; the name if none asks for it."""
    for form in process.forms.values():
        for field in form.fields():
            if field.fact.name == name:
                return str(field.fact.label)
    return name


def condition(process: Process, when: Condition | None) -> str:
    """“om ”Är det bråttom?” är ja”; empty without a condition."""
    if when is None:
        return ""
    label, value = fact_label(process, when.fact), when.value
    if isinstance(value, bool):
        value = "ja" if value else "nej"
    for form in process.forms.values():
        for field in form.fields():
            if field.fact.name == when.fact and field.fact.tables:
                row = field.fact.tables[-1].code(str(value))
                value = str(row.label).lower() if row else value
    return f"om ”{label}” är {value}"
