"""The demo's receivers and fleet: configured from the demo's own database, kept over a start, thrown away with --reset."""

import hashlib
import os
from pathlib import Path

from psycopg.conninfo import make_conninfo

from livlina.alarmd import config
from livlina.cli import demo_alarms
from livlina.cli.children import Family
from livlina.cli.receivers import free_ports
from livlina.cli.simulate import town
from livlina.demo.keys import receiver_key
from livlina.provider.alarms.actions.receivers import digest
from livlina.provider.alarms.models import AlarmUnit


def test_receivers_and_fleet_know_the_demos_units_and_each_other(
    tmp_path: Path, own_database: str, astrids_unit: AlarmUnit
) -> None:
    alarms = demo_alarms.plan(tmp_path)
    owner = make_conninfo(os.environ["LIVLINA_OWNER_DATABASE_URL"], dbname=own_database)
    alarms.write("http://127.0.0.1:8000", "the demo's secret", owner)
    first, second = (config.read(site.file) for site in alarms.sites)
    assert (first.peer.name, first.peer.port) == ("b", second.peer.listen_port)
    assert first.exchange.url == "http://127.0.0.1:8000"
    key = receiver_key("the demo's secret", "asvalla", "a")
    assert digest(first.exchange.token) == hashlib.sha256(key.encode()).hexdigest()
    assert alarms.sites[0].file.stat().st_mode & 0o077 == 0, "the key is for us alone"
    [unit] = town.known(tmp_path / "fleet" / "units", ["a", "b"], seed=1)
    assert (unit.number, unit.pendants, unit.phone) == (astrids_unit.number, ("01",), "46701740611")
    assert first.dc09.port != second.dc09.port

    family = Family(tmp_path, {})
    alarms.add(family)
    assert [child.name for child in family.children] == ["live", "rec-a", "rec-b", "fleet"]
    assert f"127.0.0.1:{first.dc09.port}" in family.children[-1].words


def test_what_the_receivers_kept_is_there_at_the_next_start_and_gone_after_a_reset(tmp_path: Path) -> None:
    [kept] = [demo_alarms.plan(tmp_path).sites[0].folder / "log"]
    kept.mkdir(parents=True)
    assert demo_alarms.plan(tmp_path).sites[0].folder == kept.parent
    assert kept.exists()
    demo_alarms.plan(tmp_path, reset=True)
    assert not kept.exists()


def test_ports_are_free_and_never_the_same_twice() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
