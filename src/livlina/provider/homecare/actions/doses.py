"""What is signed: given or not given, by whom, when. A signature is never changed, merged or refused for what it says has
happened; what looks wrong is told to a nurse at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.provider.homecare.actions.balance import balance_after
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, NursingTask
from livlina.provider.homecare.models.words import HEALTH
from livlina.provider.homecare.queries.nursing import covers, start_of_day
from livlina.registers.watches import actions as watches

DOSE, TASK = "homecare.dose", "homecare.nursingtask"
CLOCKS_DIFFER = timedelta(minutes=5)


class SignRefused(Exception):
    """The signature lacks something. The sentence is for a person, in Swedish."""


class NotDelegated(SignRefused):
    """Du hade ingen delegering som gällde för uppgiften den dagen."""


@transaction.atomic
def sign(
    dose_id: UUID | None,
    *,
    task_id: UUID,
    given: bool,
    at: datetime,
    by: Actor,
    now: datetime,
    reason: str = "",
    amount: str = "",
    effect: str = "",
    witness: str = "",
    source: str = "desk",
    device_at: datetime | None = None,
    event_id: UUID | None = None,
) -> DoseSignature:
    """Sign a dose as given or not given at `at`. A nurse by own right; a carer by a delegation valid then.

    Without `dose_id`: given as needed, or the dose within whose window `at` lies. The same `event_id` is the same
    signature. Given already: both are kept, the later with `double`, and the nurses are told. Raises Refused, NotDelegated
    and SignRefused.
    """
    task = fetch(by, "nursing.sign", NursingTask.objects.select_related("person"), pk=task_id)
    NursingTask.objects.select_for_update(of=("self",)).get(
        pk=task.pk
    )  # whoever signs the same task takes turns
    if event_id and (had := DoseSignature.objects.filter(event_id=event_id).first()):
        return had
    _whole(given, at, reason, now)
    delegation = right_to(task, at, by)
    dose = _dose(task, dose_id, at)
    fallen = _fallen(task, dose, at)
    said = {
        "given": given, "at": at, "amount": (amount or task.amount).strip()[:60] if given else "",
        "reason": reason.strip()[:200], "effect": effect.strip()[:200], "witness_name": witness.strip()[:160],
        "source": source, "device_at": device_at, "event_id": event_id, "delegation": delegation,
    }  # fmt: skip
    signature = _write(task, dose, said, by=by, now=now)
    _warn_at_once(task, dose, signature, fallen=fallen, by=by, now=now)
    return signature


@transaction.atomic
def correct(
    signature: DoseSignature,
    *,
    given: bool,
    at: datetime,
    reason: str,
    by: Actor,
    now: datetime,
    amount: str = "",
    effect: str = "",
    event_id: UUID | None = None,
) -> DoseSignature:
    """Correct a signature by a new one that names it and says why (`reason`). The wrong one stays to be read.

    By whoever signed, or a nurse of the unit. Corrected twice with the same words is once. Raises Refused, SignRefused.
    """
    demand(by, "nursing.correct", signature)
    task = NursingTask.objects.select_for_update(of=("self",)).get(pk=signature.task_id)
    later = DoseSignature.objects.filter(corrects=signature).first()
    if later is not None:
        if (later.given, later.at, later.reason) == (given, at, reason.strip()[:200]):
            return later
        raise SignRefused("Signeringen är redan rättad. Rätta den senaste i stället.")
    _whole(given, at, reason, now)
    if not reason.strip():
        raise SignRefused("Skriv vad som blev fel.")
    said = {
        "given": given, "at": at, "amount": (amount or signature.amount or task.amount).strip()[:60] if given else "",
        "reason": reason.strip()[:200], "effect": (effect or signature.effect).strip()[:200],
        "witness_name": signature.witness_name, "source": "desk", "event_id": event_id, "corrects": signature,
        "delegation": right_to(task, at, by),
    }  # fmt: skip
    new = _write(task, signature.dose, said, by=by, now=now)
    _warn_at_once(task, new.dose, new, by=by, now=now)
    return new


def right_to(task: NursingTask, at: datetime, by: Actor) -> Delegation | None:
    """Return the delegation by which `by` did the task at `at`; None for a nurse, by own right. Raises NotDelegated."""
    if by.role == "nurse":
        return None
    if task.delegated and HEALTH in by.compartments:
        held = covers(Delegation.objects.filter(carer_id=by.assignment_id, unit_id=task.unit_id), task, at)
        found = held.order_by(
            "person_id", "-valid_to"
        ).first()  # one for the person goes before one for everybody
        if found is not None:
            return found
    raise NotDelegated(NotDelegated.__doc__)


@transaction.atomic
def warn_of_missed(*, by: Actor, now: datetime, limit: int = 500) -> int:
    """Let doses nobody signed within their window be missed, and tell the unit's nurses; return how many."""
    demand(by, "nursing.clock")
    window = ExpressionWrapper(F("task__window") * Value(timedelta(minutes=1)), output_field=DurationField())
    late = (
        Dose.objects.filter(municipality_id=by.municipality_id, state="due", due_at__lt=now)
        .annotate(ends=F("due_at") + window)
        .filter(ends__lt=now)
        .select_related("task")
        .order_by("due_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)
    )
    missed = list(late[:limit])
    Dose.objects.filter(pk__in=[dose.pk for dose in missed]).update(state="missed", warned_at=now)
    duties = [
        watches.Duty("nursing.missed", (DOSE, dose.pk), _nurses(dose.task), now, dose.person_id)
        for dose in missed
    ]
    if duties:
        watches.raise_watches(duties, by=by, now=now)
    return len(missed)


def _whole(given: bool, at: datetime, reason: str, now: datetime) -> None:
    if at > now + CLOCKS_DIFFER:
        raise SignRefused("Tidpunkten ligger i framtiden. Skriv när det hände.")
    if not given and not reason.strip():
        raise SignRefused("Skriv varför dosen inte gavs.")


def _dose(task: NursingTask, dose_id: UUID | None, at: datetime) -> Dose | None:
    """The dose that is signed. Raises SignRefused when it cannot be said which."""
    doses = Dose.objects.select_for_update(of=("self",)).filter(task=task)
    if dose_id is not None:
        found = doses.filter(pk=dose_id).first()
        if found is None:
            raise SignRefused("Dosen hör inte till ordinationen.")
        return found
    if task.as_needed:
        return None
    window = timedelta(minutes=task.window)
    near = doses.filter(due_at__range=(at - window, at + window), state__in=("due", "missed"))
    found = min(near, key=lambda dose: abs(dose.due_at - at), default=None)
    if found is None:
        raise SignRefused("Det finns ingen dos vid den tiden. Välj vilken dos det gäller.")
    return found


def _fallen(task: NursingTask, dose: Dose | None, at: datetime) -> bool:
    """Whether it was no longer to be given at `at`: ended or paused."""
    if task.ended_at is not None:
        return at > task.ended_at
    return dose.state == "cancelled" if dose is not None else task.state == "paused"


def _write(
    task: NursingTask, dose: Dose | None, said: dict[str, object], *, by: Actor, now: datetime
) -> DoseSignature:
    """Write a signature and what follows from it for the dose."""
    wrong = said.get("corrects")
    others = standing(dose) if dose is not None else []
    signature = DoseSignature.objects.create(
        municipality_id=by.municipality_id, task=task, dose=dose, heard_at=now, by_id=by.user_id, by_name=by.name,
        by_title=by.title, balance=balance_after(task, said, wrong if isinstance(wrong, DoseSignature) else None),
        double=bool(said["given"]) and any(one.given for one in others if one != wrong), **said,
    )  # fmt: skip
    if dose is not None:
        valid = standing(dose)
        dose.state = "given" if any(one.given for one in valid) else "not_given"
        dose.save(update_fields=["state"])
        watches.close_for((DOSE, dose.pk), types=["nursing.missed"], why="Dosen är signerad.", by=by, now=now)
    audit.wrote(
        by, "nursing.sign", now=now, obj=signature, person_id=task.person_id,
        detail={"given": signature.given, "double": signature.double, "corrects": bool(wrong)},
    )  # fmt: skip
    outbox.announce("dose.signed", signature, now=now)
    return signature


def standing(dose: Dose) -> Sequence[DoseSignature]:
    """The signatures of a dose that no later one has corrected."""
    return list(DoseSignature.objects.filter(dose=dose, corrected_by=None).order_by("pk"))


def _warn_at_once(
    task: NursingTask,
    dose: Dose | None,
    signature: DoseSignature,
    *,
    by: Actor,
    now: datetime,
    fallen: bool = False,
) -> None:
    """Tell the unit's nurses what a signature shows: given twice, said both ways, too often, after its end."""
    found: list[tuple[str, tuple[str, UUID]]] = []
    if signature.double and dose is not None:
        found.append(("nursing.double", (DOSE, dose.pk)))
        outbox.announce("dose.double", signature, now=now)
    elif dose is not None and len({one.given for one in standing(dose)}) > 1:
        found.append(("nursing.disagree", (DOSE, dose.pk)))
    most = task.most_per_day if signature.given and task.as_needed else None
    if most is not None and given_on_day(task, signature.at) > most:
        found.append(("nursing.too_many", (TASK, task.pk)))
    if signature.given and fallen:
        found.append(("nursing.after_end", (TASK, task.pk)))
    if signature.balance is not None and signature.balance < Decimal(0):
        found.append(("nursing.balance", (TASK, task.pk)))
    for kind, about in found:
        watches.raise_watch(
            kind, about, owner=_nurses(task), due_at=now, person_id=task.person_id, by=by, now=now
        )


def given_on_day(task: NursingTask, at: datetime) -> int:
    """How many times it was given on the Swedish day of `at`, as signatures stand."""
    begins = start_of_day(day_of(at))
    ends = start_of_day(day_of(at) + timedelta(days=1))
    stand = Q(given=True, corrected_by=None, at__gte=begins, at__lt=ends)
    return DoseSignature.objects.filter(stand, task=task).count()


def _nurses(task: NursingTask) -> watches.Owner:
    return watches.Owner("nurse", task.unit_id, compartment=HEALTH)
