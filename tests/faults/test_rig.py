"""The rig's short form: power cuts, kill -9 in the whole family, and storage that fills, each with its control.

The long form is `livlina rig all --full`. What this machine does not allow is passed over with the reason.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from livlina.cli.rig import disk, full, kill, power, town, versions, volume
from tests import database

PATIENCE = 40.0  # seconds; the aim, ten, is measured by the rig on a machine that does nothing else


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A short path that the database's own account may pass through."""
    made = Path(mkdtemp(prefix="lv-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def stock(folder: Path) -> town.Stock:
    """Four officers with a file each, in a stopped database to copy."""
    return town.stock(folder, plant=database.plant)


@pytest.fixture
def power_can_be_cut() -> None:
    """Root, loop devices and nbdkit, or the reason why not."""
    if why := disk.missing():
        pytest.skip(why)


@pytest.fixture
def storage_can_be_filled() -> None:
    """The right to mount, or the reason why not."""
    if why := volume.missing():
        pytest.skip(why)


@pytest.mark.usefixtures("power_can_be_cut")
def test_nothing_acknowledged_is_lost_when_the_power_is_cut_twice(folder: Path) -> None:
    found = power.cuts(folder / "p", town.bare(folder), 2, load=0.4)
    assert not found.harmed, f"{found.dead} {found.verdict}"
    assert found.verdict.acknowledged >= 2 * power.LEAST


@pytest.mark.usefixtures("power_can_be_cut")
def test_a_database_that_does_not_wait_for_the_disk_is_found_out(folder: Path) -> None:
    assert power.cuts(folder / "pf", town.bare(folder), 1, load=0.4, durable=False).harmed


def test_nothing_acknowledged_is_lost_when_anybody_is_killed(folder: Path, stock: town.Stock) -> None:
    found = kill.kills(folder / "k", stock, 3, roles=("postgres", "web child", "alarmd"))
    assert found.verdict.good, str(found.verdict)
    assert found.refusals == []
    assert found.slowest[0] < PATIENCE, found.usable
    assert found.tried, str(found.control)


@pytest.mark.usefixtures("storage_can_be_filled")
def test_when_the_log_finds_no_room_at_night_care_goes_on_by_itself(folder: Path, stock: town.Stock) -> None:
    found = full.night(folder / "n", stock)
    assert (
        found.taken
    )  # there was indeed no room; whether the database dies of it is a matter of milliseconds
    assert found.with_ballast.writable < 60
    assert found.alarms_refused == 0
    assert found.verdict.good, str(found.verdict)


@pytest.mark.parametrize("torn", [False, True], ids=["as it is", "a column renamed"])
def test_the_version_before_works_beside_this_one_while_a_cluster_is_upgraded(
    folder: Path, stock: town.Stock, torn: bool
) -> None:
    commit, why = versions.before()
    if why:
        pytest.skip(why)
    found = versions.versions(folder / "v", stock, commit, torn=torn)
    assert found.good is not torn, f"{found.wrong} {found.refusals} {found.verdict}"
