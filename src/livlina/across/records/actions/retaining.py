"""Destruction, step by step: propose, freeze, a second person agrees, export, quarantine, destroy, certificate.

No step can be passed over: each asks for the one before, and the last is asked again by the database.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from livlina.across.records import packing, sealing
from livlina.across.records.archive import ArchiveRefused, archive
from livlina.across.records.models import (
    DestructionCertificate,
    QuarantineCopy,
    RetentionApproval,
    RetentionItem,
    RetentionRun,
    RetentionStep,
)
from livlina.across.records.queries import retention as queries
from livlina.across.records.retention import rules
from livlina.across.records.retention.rows import Rows, rows_of
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.registers.journal.models import ChainHead

WHY = {
    "not_listed": "Akten står inte på någon fryst lista.",
    "not_due": "Tiden har inte gått ut.",
    "spared": "Akten är undantagen från listan.",
    "kept": "Akten bevaras: den är märkt för det, eller gäller ett barn som varit placerat.",
    "cannot_tell": "Den som gallrar måste kunna se om personen varit placerad som barn.",
    "one_person": "En annan person än den som fryste listan ska ha godkänt den.",
    "no_receipt": "E-arkivets kvitto saknas eller gäller ett annat paket.",
    "no_quarantine": "Kopian i karantän saknas eller är skadad.",
    "written_since": "Något har skrivits i akten sedan listan frystes.",
    "foreign_table": "Listan nämner något som inte hör till en akt.",
    "list_differs": "Akten ser inte ut som när listan frystes.",
}


class DestructionRefused(Exception):
    """The step cannot be taken. The sentence is for a person, in Swedish."""


def propose(compartment: int, *, by: Actor, now: datetime) -> RetentionRun:
    """Say what would be destroyed in a branch and what would not, and why. Touches nothing. Raises Refused."""
    demand(by, "records.propose")
    if by.kind != "system" and compartment not in by.compartments:
        raise Refused("records.propose")
    on = day_of(now)
    files = queries.judge_files(by.municipality_id, compartment, on)
    count, kept = queries.summary(files, on)
    run = RetentionRun.objects.create(
        **signature(by, now),
        compartment=compartment,
        year=on.year,
        proposed_on=on,
        rules_sha256=rules.fingerprint(),
        due=[{"rule": rules.rule_of(compartment, on).words, "count": count}],
        kept=kept,
    )
    audit.wrote(by, "records.propose", now=now, obj=run, detail={"due": count})
    return run


@transaction.atomic
def freeze(run: RetentionRun, *, by: Actor, now: datetime) -> list[RetentionItem]:
    """Freeze the list: judged anew, with exactly which rows each file is. Done once. Raises Refused, DestructionRefused."""
    demand(by, "records.freeze", run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(run.pk)])
    if RetentionItem.objects.filter(run=run).exists() or RetentionApproval.objects.filter(run=run).exists():
        raise DestructionRefused("Listan är redan fryst.")
    on = day_of(now)
    most = _own(by.municipality_id, "most_in_a_run")
    files = [one for one in queries.judge_files(by.municipality_id, run.compartment, on) if one.is_due(on)]
    listed = [item for one in files[:most] if (item := _listed(run, one, by, now)) is not None]
    if not listed:
        raise DestructionRefused("Ingen akt är mogen för gallring.")
    audit.wrote(by, "records.freeze", now=now, obj=run, detail={"files": len(listed)})
    return listed


def spare(item: RetentionItem, reason: str, *, by: Actor, now: datetime) -> RetentionStep:
    """Take a file off the list, for a reason. Either of the two persons may. Raises Refused, DestructionRefused."""
    demand(by, "records.retention", item.run)
    if not reason.strip():
        raise DestructionRefused("Skriv varför akten undantas.")
    step = _step(item, "spared", by, now, reason=reason.strip())
    audit.wrote(by, "records.retention", now=now, person_id=item.person_id, obj=item, detail={"spared": True})
    return step


def approve(run: RetentionRun, *, by: Actor, now: datetime) -> RetentionApproval:
    """Agree to a frozen list, as another person than the one who froze it. Raises Refused, DestructionRefused."""
    demand(by, "records.approve", run)
    frozen = RetentionItem.objects.filter(run=run)
    if not frozen.exists():
        raise DestructionRefused("Listan är inte fryst. Det finns inget att godkänna.")
    if frozen.filter(by_user_id=by.user_id).exists():
        raise DestructionRefused(WHY["one_person"])
    approval, made = RetentionApproval.objects.get_or_create(
        municipality_id=by.municipality_id,
        run=run,
        by_user_id=by.user_id,
        defaults=signature(by, now) | {"compartment": run.compartment},
    )
    if made:
        audit.wrote(by, "records.approve", now=now, obj=run)
    return approval


def export(item: RetentionItem, *, by: Actor, now: datetime) -> RetentionStep:
    """Deliver a file's package to the e-archive and read it back. Raises Refused, DestructionRefused."""
    demand(by, "records.destroy", item)
    _agreed(item)
    made = packing.package(item, _rows(item))
    sha256, name = hashlib.sha256(made).hexdigest(), f"{item.akt_hash}.zip"
    try:
        archive().deliver(name, made)
    except ArchiveRefused as fault:
        raise DestructionRefused(str(fault)) from fault
    _in_archive(name, sha256)
    step = _step(item, "exported", by, now, sha256=sha256, place=name)
    audit.wrote(
        by, "records.destroy", now=now, person_id=item.person_id, obj=item, detail={"exported": sha256}
    )
    return step


def note_receipt(item: RetentionItem, number: str, *, by: Actor, now: datetime) -> RetentionStep:
    """Note the number of the e-archive's receipt for the package that was delivered. Raises Refused, DestructionRefused."""
    demand(by, "records.destroy", item)
    exported = _done(item, "exported")
    if exported is None:
        raise DestructionRefused("Paketet är inte levererat till e-arkivet.")
    if not number.strip():
        raise DestructionRefused("Skriv numret på e-arkivets kvitto.")
    _in_archive(exported.place, exported.sha256)
    return _step(item, "receipted", by, now, sha256=exported.sha256, receipt_number=number.strip()[:80])


def quarantine(item: RetentionItem, *, by: Actor, now: datetime) -> QuarantineCopy:
    """Lay an encrypted copy of the archived package in quarantine for some days. Raises Refused, DestructionRefused."""
    demand(by, "records.destroy", item)
    receipt = _done(item, "receipted")
    if receipt is None:
        raise DestructionRefused(WHY["no_receipt"])
    exported = _done(item, "exported")
    held = _in_archive(exported.place if exported else "", receipt.sha256)
    sealed = sealing.seal(held, item.akt_hash)
    copy, made = QuarantineCopy.objects.get_or_create(
        municipality_id=by.municipality_id,
        akt_hash=item.akt_hash,
        package_sha256=receipt.sha256,
        defaults={
            "compartment": item.compartment,
            "sealed": sealed,
            "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
            "made_at": now,
            "until": day_of(now) + timedelta(days=_own(by.municipality_id, "quarantine_days")),
        },
    )
    if made:
        _step(item, "quarantined", by, now, sha256=receipt.sha256)
    return copy


@transaction.atomic
def destroy(item: RetentionItem, *, by: Actor, now: datetime) -> DestructionCertificate:
    """Destroy one file of a list, and return what remains: the certificate. Never the only copy.

    Everything is tried again here, and once more by the database. Raises Refused, DestructionRefused.
    """
    demand(by, "records.destroy", item)
    _agreed(item)
    exported, receipt = _done(item, "exported"), _done(item, "receipted")
    if exported is None or receipt is None:
        raise DestructionRefused(WHY["no_receipt"])
    _in_archive(exported.place, receipt.sha256)
    _in_quarantine(item, receipt.sha256)
    on = day_of(now)
    judged = queries.judge_people(by.municipality_id, item.compartment, [item.person_id], on)
    if not judged or not judged[0].is_due(on):
        why = queries.REASONS.get(judged[0].kept, "") if judged else ""
        raise DestructionRefused(f"Akten är inte längre mogen för gallring. {why}".strip())
    if hashlib.sha256(packing.package(item, _rows(item))).hexdigest() != receipt.sha256:
        raise DestructionRefused(WHY["list_differs"])
    signed = [item.pk, by.user_id, by.name, by.title, by.role, now]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT records_destroy(%s, %s, %s, %s, %s, %s)", signed)
            (certificate_id,) = cursor.fetchone()
    except DatabaseError as fault:
        raise DestructionRefused(_words(fault)) from fault
    certificate = DestructionCertificate.objects.get(pk=certificate_id)
    audit.wrote(by, "records.destroy", now=now, obj=certificate, detail={"akt": certificate.akt_hash[:16]})
    return certificate


def empty_quarantine(*, by: Actor, now: datetime) -> int:
    """Remove the quarantined copies whose days are over, of files that are certified destroyed; return how many."""
    demand(by, "records.propose")
    gone = QuarantineCopy.objects.filter(
        until__lt=day_of(now),
        akt_hash__in=DestructionCertificate.objects.values("akt_hash"),
    )
    count: int = gone.delete()[0]
    if count:
        audit.wrote(by, "records.propose", now=now, detail={"quarantine_emptied": count})
    return count


def bring_back(akt_hash: str, reason: str, *, by: Actor, now: datetime) -> bytes:
    """Return the package of a destroyed file from quarantine, while it lies there. Raises Refused, DestructionRefused.

    It is read into Livlina again by hand (migration of old data); what it held is in the package as it was.
    """
    demand(by, "records.propose")
    copy = QuarantineCopy.objects.filter(akt_hash=akt_hash).order_by("-made_at").first()
    if copy is None or not reason.strip():
        raise DestructionRefused("Kopian finns inte kvar, eller så saknas skälet till att den öppnas.")
    audit.read(by, "records.propose", now=now, obj=copy, reason=reason.strip())
    return _opened(copy)


def _listed(run: RetentionRun, judged: queries.Judged, by: Actor, now: datetime) -> RetentionItem | None:
    """One line of the frozen list; None for a file that hangs together with another."""
    rows = rows_of(judged.person_id, run.compartment)
    if rows.tied or not rows.count or judged.due is None or judged.ceased is None:
        return None
    head = ChainHead.objects.filter(person_id=judged.person_id, compartment=run.compartment).first()
    rule = rules.rule_of(run.compartment, day_of(now))
    return RetentionItem.objects.create(
        **signature(by, now),
        compartment=run.compartment,
        run=run,
        person_id=judged.person_id,
        akt_hash=queries.akt_hash(by.municipality_id, judged.person_id, run.compartment),
        record_class=rule.record_class,
        rule=rule.words,
        last_note_on=judged.last_note,
        ceased_on=judged.ceased,
        due_on=judged.due.earliest,
        finish_by=judged.due.latest,
        frozen=rows.frozen(),
        rows=rows.count,
        chain_seq=head.seq if head else 0,
        chain_hash=bytes(head.hash) if head else b"",
    )


def _rows(item: RetentionItem) -> Rows:
    """The rows of a file now. Raises DestructionRefused when they are not those that were frozen."""
    rows = rows_of(item.person_id, item.compartment)
    if rows.tied:
        raise DestructionRefused(queries.REASONS["tied"])
    if rows.frozen() != item.frozen:
        raise DestructionRefused(WHY["list_differs"])
    return rows


def _agreed(item: RetentionItem) -> None:
    approvals = RetentionApproval.objects.filter(run_id=item.run_id, at__gte=item.at)
    if not approvals.exclude(by_user_id=item.by_user_id).exists():
        raise DestructionRefused(WHY["one_person"])
    if _done(item, "spared"):
        raise DestructionRefused(WHY["spared"])


def _done(item: RetentionItem, kind: str) -> RetentionStep | None:
    return RetentionStep.objects.filter(item=item, kind=kind).first()


def _step(item: RetentionItem, kind: str, by: Actor, now: datetime, **told: Any) -> RetentionStep:
    """A step of one file; done twice it is done once."""
    step, _ = RetentionStep.objects.get_or_create(
        municipality_id=by.municipality_id,
        item=item,
        kind=kind,
        defaults=signature(by, now) | {"compartment": item.compartment} | told,
    )
    return step


def _in_archive(name: str, sha256: str) -> bytes:
    """The package as the archive holds it now. Raises DestructionRefused when it is not what was delivered."""
    held = archive().fetch(name) if name else None
    if held is None or hashlib.sha256(held).hexdigest() != sha256:
        raise DestructionRefused("E-arkivets exemplar går inte att läsa tillbaka oförändrat. Inget gallras.")
    return held


def _in_quarantine(item: RetentionItem, sha256: str) -> None:
    copy = QuarantineCopy.objects.filter(akt_hash=item.akt_hash, package_sha256=sha256).first()
    if copy is None or hashlib.sha256(_opened(copy)).hexdigest() != sha256:
        raise DestructionRefused(WHY["no_quarantine"])


def _opened(copy: QuarantineCopy) -> bytes:
    try:
        return sealing.unseal(bytes(copy.sealed), copy.akt_hash)
    except sealing.CannotOpen as fault:
        raise DestructionRefused(WHY["no_quarantine"]) from fault


def _own(municipality_id: int, name: str) -> Any:
    """The municipality's own value, or the default of `rules.yaml`."""
    own = Municipality.objects.get(pk=municipality_id).parameters.get("retention", {})
    return own.get(name, rules.default(name))


def _words(fault: DatabaseError) -> str:
    """The database's refusal in words; a reference left behind is something that hangs together with the file."""
    said = str(fault).partition("\n")[0].strip()
    return WHY.get(said, "Något utanför akten hänvisar till den. Inget gallrades.")
