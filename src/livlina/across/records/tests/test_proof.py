"""The proof that goes with what was handed out: it holds without us, and tells nothing that was not handed out."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from livlina.across.records import actions
from livlina.across.records import jobs as records_jobs
from livlina.across.records.actions import Asked, Judgement
from livlina.across.records.actions.proving import collect_proof
from livlina.across.records.models import HandedOut
from livlina.across.records.queries.retention import unexplained_gaps
from livlina.across.records.tests.steps import listed, prepared
from livlina.core.access import Refused
from livlina.registers.journal import actions as journal
from livlina.registers.journal import jobs
from livlina.registers.journal.chain import pack, sha
from livlina.registers.journal.log import store, verify
from livlina.registers.journal.log.proof import log_keys
from livlina.witness import merkle, notes

OWN = Judgement("whole", ground="own")


@pytest.fixture
def handed(assigned_case, astrids_file, astrid, reach, karin, maria, write, now) -> HandedOut:
    """Astrid got two notes whole, one that says who told it, and one masked; she contradicts the first."""
    reach(karin, astrid)
    told = Asked("self", "Astrid Lindqvist", date(2026, 3, 2), "e_service", "Hela journalen.", astrid)
    asked = actions.register_request(astrid, 1, told, client_id=uuid4(), by=karin, now=now)
    rows = [
        write(karin, astrids_file, f"Astrid ringde, {number}: hon är trött.", hours=9 - number)
        for number in range(3)
    ]
    rows.append(write(karin, astrids_file, "Hon faller ofta.", source_person="Grannen Ulla Ek"))
    journal.add_dissent(rows[0].pk, "Jag är inte trött.", "Astrid", by=karin, now=now)
    hidden = Judgement(
        "masked", ground="own", refusal="harm", harm_test="Rör en annan människa.", masked=("trött",)
    )
    for row, judgement in zip(rows, (OWN, OWN, hidden, OWN), strict=True):
        actions.judge(asked, "journal.note", row.pk, judgement, by=karin, now=now)
    actions.decide_disclosure(asked, "Uppgiften rör en annan.", by=maria, now=now)
    (found,) = actions.hand_out(asked, to_name="Astrid", how="e_service", by=karin, now=now)
    return found


@pytest.fixture
def padded(karin, bertils_file, write, asvalla, now) -> None:
    """Others write too; then the log takes everything in and signs."""
    for number in range(10):
        write(karin, bertils_file, f"Bertil {number}")
    jobs.sequence(asvalla.pk, now)


def proof(handed, citizen, astrid, now) -> dict:
    content = collect_proof(handed.pk, by=citizen(astrid), now=now)
    assert content is not None
    return json.loads(content)


def test_what_was_handed_out_whole_is_proved_by_what_anyone_can_compute_and_nothing_else_is_told(
    handed, padded, citizen, astrid, asvalla, now
):
    told = proof(handed, citizen, astrid, now)
    note = notes.Note.read(told["checkpoint"])
    checkpoint = notes.Checkpoint.read(note.text)
    assert note.signed_by(notes.Key.read(log_keys(asvalla.pk, now)[checkpoint.origin])) == 0
    for one in told["entries"]:
        if "content" in one:
            assert sha(pack([one["salt"], pack(one["content"])])).hex() == one["digest"]
        leaf = merkle.leaf_hash(sha(pack([*one["head"], one["digest"], one["prev_hash"]])))
        path = [notes.unb64(step) for step in one["path"]]
        assert merkle.includes(one["index"], checkpoint.size, leaf, path, checkpoint.root)
    assert [one["head"][1] for one in told["entries"]] == ["journal_note"] * 3 + ["journal_dissent"]
    assert [("content" in one) for one in told["entries"]] == [True, True, False, True]
    text = json.dumps(told, ensure_ascii=False)
    assert "Ulla" not in text, "who told it was not handed out: that note is proved by its digest"
    assert "ringde, 2" not in text, "what was masked is not told"
    assert "Bertil" not in text


def test_only_the_one_it_was_handed_to_gets_it_and_only_once_it_is_signed(
    handed, citizen, astrid, bertil, client_of, asvalla, now
):
    with pytest.raises(Refused):
        collect_proof(handed.pk, by=citizen(bertil), now=now)
    browser = client_of(citizen(astrid))
    early = browser.get(f"/citizen/my-file/handed/{handed.pk}/proof/", follow=True)
    assert "Beviset är inte klart än" in early.content.decode()
    for hour in (8, 9):
        jobs.sequence(asvalla.pk, now.replace(hour=hour))
    answer = browser.get(f"/citizen/my-file/handed/{handed.pk}/proof/")
    assert answer["Content-Disposition"] == 'attachment; filename="bevis.json"'
    assert len(json.loads(answer.content)["entries"]) == 4
    assert "bevis" in browser.get("/citizen/my-file/").content.decode()


def test_a_file_destroyed_by_law_leaves_gaps_that_its_certificate_explains(
    runes_file, eva, maria, asvalla, now, e_archive
):
    jobs.sequence(asvalla.pk, now)
    (item,) = listed(eva, now)
    prepared(item, eva, maria, now)
    certificate = actions.destroy(item, by=eva, now=now)
    jobs.sequence(asvalla.pk, now + timedelta(minutes=1))
    log = store.current(asvalla.pk)
    assert log is not None
    report = verify.verify_log(log, {}, now + timedelta(minutes=1))
    assert (report.breaks, report.gaps) == ([], certificate.chain_seq)
    assert records_jobs.compare_gaps(asvalla.pk, now) == 0
    log.begun_at = now + timedelta(minutes=1)  # as if the certificate were none of this log's
    assert unexplained_gaps(log) == certificate.chain_seq
