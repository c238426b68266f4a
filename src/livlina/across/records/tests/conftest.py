"""What every test of the room stands on."""

import pytest

from livlina.across.records import archive


@pytest.fixture(autouse=True)
def e_archive(tmp_path, monkeypatch):
    """An e-archive of the test's own."""
    place = archive.FolderArchive(tmp_path / "e-archive")
    monkeypatch.setattr("livlina.across.records.actions.retaining.archive", lambda: place)
    return place
