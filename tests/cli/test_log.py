"""What an operator does about the journals' logs: the key for a witness, how they stand, a new log after a restore."""

from livlina.cli import main
from livlina.registers.journal import jobs
from livlina.registers.journal.models import Log, Note
from livlina.witness.notes import LOG, Key


def test_the_key_a_witness_is_to_trust_is_told_before_the_first_note(asvalla, capsys):
    assert main(["log", "key", "asvalla"]) == 0
    key = Key.read(capsys.readouterr().out)
    assert key.use == LOG
    assert key.name.endswith("/asvalla/journal/1")
    assert main(["log", "key", "asvalla"]) == 0
    assert Key.read(capsys.readouterr().out) == key


def test_the_log_is_shown_and_a_new_one_begun_for_a_reason_only(
    karin, asvalla, astrids_file, write, now, capsys
):
    for number in range(10):
        write(karin, astrids_file, f"Anteckning {number}")
    jobs.sequence(asvalla.pk, now)
    assert main(["log", "show"]) == 0
    assert "asvalla: 10 entries, 10 signed, 0 cosigned outside" in capsys.readouterr().out
    assert main(["log", "renew", "asvalla"]) == 1
    assert "why" in capsys.readouterr().err
    assert main(["log", "renew", "asvalla", "--why", "Återställd till i går"]) == 0
    assert [log.why for log in Log.objects.order_by("number")] == ["Återställd till i går", ""]
    assert Note.objects.filter(log_index=None).count() == 10
    assert main(["log", "show", "nowhere"]) == 1
