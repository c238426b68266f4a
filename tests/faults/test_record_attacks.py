"""The eight attacks on the journal, some trials of each; the 480 are `livlina bench records --full`."""

import pytest
from django.db import connection

from livlina.cli.bench import records_attacks as attacks

TRIALS = 2


@pytest.fixture
def stage(own_database, asvalla, now, tmp_path) -> attacks.Stage:
    """Sixty entries about fifteen persons, cosigned outside each ten."""
    return attacks.prepare(asvalla.pk, tmp_path / "witness", now, entries=60)


def test_with_a_witness_outside_every_attack_is_noticed_and_the_controls_miss_what_they_must(stage):
    wrong = []
    with attacks.as_owner():
        assert attacks.noticed(stage) == dict.fromkeys(attacks.LOOKS, False), "untouched, nobody cries"
        for name, attack in attacks.ATTACKS.items():
            for seed in range(TRIALS):
                found = attacks.trial(stage, attack, seed)
                aim = {look: look not in attacks.MISSED.get(name, ()) for look in attacks.LOOKS}
                if found != aim:
                    wrong.append((name, seed, found))
        assert attacks.noticed(stage) == dict.fromkeys(attacks.LOOKS, False), "nothing of it was kept"
    connection.close()
    assert wrong == []
