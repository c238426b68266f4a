"""What must hold of a process that is read: nothing dangles, nothing is idle, every state leads on to an end."""

from collections.abc import Iterable, Mapping

from livlina.authority.cases.engine.names import KNOWN_ANCHORS
from livlina.authority.cases.engine.process import MAIN, Process, State, Step
from livlina.authority.cases.engine.shelf import Shelf
from livlina.authority.cases.engine.templates import WHOLE, facts_told
from livlina.authority.cases.secrecy import may_show
from livlina.core.marked import Report


def check_process(process: Process, shelf: Shelf) -> None:
    """Report everything that does not hold in one version."""
    report = shelf.report
    _check_names(process, report)
    for flow in process.flows():
        _check_flow(process, flow, report)
    _check_use(process, report)
    _check_letters(process, shelf)
    _check_orders(process, report)
    if not (shelf.root / process.folder / "scenario.yaml").is_file():
        report.add(process.at, "The version has no told scenario.", "Add scenario.yaml; it runs as a test.")
    if process.valid_to and process.valid_to < process.valid_from:
        report.add(process.at, "The version ends before it begins.", "Correct valid_to.")


def check_shelf(shelf: Shelf) -> None:
    """Report the facts and settings that no process uses."""
    for name, fact in shelf.facts.items():
        if name not in shelf.used:
            shelf.report.add(
                fact.at, f'No form or letter uses the fact "{name}".', "Use it in a form, or remove it."
            )
    for name, setting in shelf.settings.items():
        if f"setting {name}" not in shelf.used:
            shelf.report.add(setting.at, f'No deadline uses the setting "{name}".', "Use it, or remove it.")


def _check_names(process: Process, report: Report) -> None:
    """Every name that a step, a deadline or a state uses is there."""
    steps = {step.name: step for step in process.steps}
    for step in process.steps:
        for state in (*step.sources, step.target):
            if state and state not in process.states:
                report.unknown(step.at, "state", state, process.states)
            elif state and process.states[state].flow != step.flow:
                mend = "A step stays in its own flow; begin another with the effect open_flow."
                report.add(step.at, f'"{state}" is a state of another flow.', mend)
        if step.form and step.form not in process.forms:
            report.unknown(step.at, "form", step.form, process.forms)
        for sent in step.letters:
            if sent.letter not in process.letters:
                report.unknown(step.at, "letter", sent.letter, process.letters)
    for rule in process.deadlines:
        anchors = [*KNOWN_ANCHORS, *steps]
        for anchor in rule.anchors:
            if anchor not in anchors:
                report.unknown(rule.at, "anchor", anchor, anchors)
        for stop in rule.stops_at:
            if stop not in steps:
                report.unknown(rule.at, "step", stop, steps)
    for drawn in process.states.values():
        if drawn.beside and drawn.beside not in process.states:
            report.unknown(drawn.at, "state", drawn.beside, process.states)


def _check_flow(process: Process, flow: str, report: Report) -> None:
    """One start, every state reachable from it, and from every state a way to an end."""
    states = {state.name: state for state in process.states.values() if state.flow == flow}
    starts = [name for name, state in states.items() if state.start]
    if len(starts) != 1:
        at = states[starts[1]].at if starts else process.at
        mend = 'Give exactly one state "start: yes".'
        report.add(at, f'The flow "{flow}" has {len(starts)} states to start in.', mend)
        return
    forward = ways(process.steps)
    back: dict[str, set[str]] = {}
    for source, targets in forward.items():
        for target in targets:
            back.setdefault(target, set()).add(source)
    reached = reach(starts, forward)
    ending = reach([name for name, state in states.items() if state.final or state.may_rest], back)
    for name, state in states.items():
        _check_state(
            state, reached=name in reached, ends=name in ending, leaves=name in forward, report=report
        )


def _check_state(state: State, *, reached: bool, ends: bool, leaves: bool, report: Report) -> None:
    if not reached:
        report.add(state.at, f'No way leads to the state "{state.name}".', "Add a step to it, or remove it.")
    if state.final and leaves:
        report.add(
            state.at, f'A step leaves the final state "{state.name}".', 'Remove the step, or "final: yes".'
        )
    if not ends:
        mend = 'Add a step onward, or "final: yes".'
        report.add(
            state.at, f'The state "{state.name}" is a dead end: no way leads on to a final state.', mend
        )


def ways(steps: Iterable[Step]) -> dict[str, set[str]]:
    """From each state, the states one step away."""
    found: dict[str, set[str]] = {}
    for step in steps:
        for source in step.sources:
            found.setdefault(source, set()).add(step.target)
    return found


def reach(begins: Iterable[str], ways: Mapping[str, set[str]], without: str = "") -> set[str]:
    """The states that can be reached, those at the beginning included; `without`: one that may not be passed."""
    waiting, seen = [name for name in begins if name != without], set[str]()
    while waiting:
        if (name := waiting.pop()) not in seen:
            seen.add(name)
            waiting += [target for target in ways.get(name, ()) if target != without]
    return seen


def _check_use(process: Process, report: Report) -> None:
    """Every letter is sent, every watch raised and closed, every flow begun, every form asked for."""
    sent = {letter.letter for step in process.steps for letter in step.letters}
    for name, letter in process.letters.items():
        if name not in sent:
            report.add(letter.at, f'No step sends the letter "{name}".', 'Add it to a step\'s "letters:".')
    done = {(effect.name, effect.what): effect.at for step in process.steps for effect in step.effects}
    for (effect, what), at in done.items():
        if effect.endswith("_watch") and what and what not in process.watches:
            report.unknown(at, "watch", what, process.watches)
        if effect == "open_flow" and what and what not in process.flows():
            report.unknown(at, "flow", what, process.flows())
    for name, watch in process.watches.items():
        for effect, said in (("raise_watch", "raises"), ("close_watch", "closes")):
            if (effect, name) not in done:
                mend = f'Add "{effect}: {name}" to a step\'s "effects:".'
                report.add(watch.at, f'No step {said} the watch "{name}".', mend)
    for flow in process.flows():
        if flow != MAIN and ("open_flow", flow) not in done:
            at = process.start(flow).at
            report.add(
                at, f'No step begins the flow "{flow}".', f'Add "open_flow: {flow}" to a step\'s "effects:".'
            )
    asked = {step.form for step in process.steps}
    for name, form in process.forms.items():
        if form.audience == "officer" and name not in asked:
            report.add(form.at, f'No step uses the form "{name}".', 'Name it in a step\'s "form:".')


def _check_letters(process: Process, shelf: Shelf) -> None:
    """A letter names its facts one by one, and tells of none that its class keeps out of letters without a reason."""
    report = shelf.report
    for letter in process.letters.values():
        for name, place in facts_told(shelf.root, letter.template):
            spec = shelf.facts.get(name)
            if name == WHOLE:
                report.add(
                    place, "The letter takes all facts at once.", "Name the facts it tells, one by one."
                )
            elif spec is None:
                report.unknown(place, "fact", name, shelf.facts)
            elif not may_show("letter", spec.secrecy) and name not in letter.discloses:
                mend = f'Take it out, or say why under "discloses:" of the letter, in {letter.at}.'
                report.add(
                    place, f'The letter "{letter.name}" tells "{name}", of the class {spec.secrecy}.', mend
                )
            shelf.used.add(name)
        for name in letter.discloses:
            if name not in letter.tells or (
                name in shelf.facts and may_show("letter", shelf.facts[name].secrecy)
            ):
                report.add(letter.at, f'The letter "{letter.name}" need not disclose "{name}".', "Remove it.")


def _check_orders(process: Process, report: Report) -> None:
    """The provider is asked for nothing, and told nothing, that its class keeps with the authority."""
    for form in process.forms.values():
        for field in form.fields() if form.audience == "provider" else []:
            fact = field.fact
            if not may_show("provider", fact.secrecy, fact.given_by):
                mend = "Take it out; ask the citizen for what the provider must know of others."
                report.add(
                    field.at, f'"{fact.name}" is of the class {fact.secrecy}: no provider may get it.', mend
                )
