"""Which e-archive an installation uses, and what is said when the setting names none."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from livlina.across.records.archive import FolderArchive, archive


class Shelf:
    """An archive of somebody else's making."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def deliver(self, name: str, package: bytes) -> None:
        """Keep it."""
        self.held[name] = package

    def fetch(self, name: str) -> bytes | None:
        """Give it back."""
        return self.held.get(name)


class NoArchive:
    """Something that takes no package."""


def test_without_a_setting_it_is_a_folder(settings, tmp_path):
    settings.RECORDS_ARCHIVE, settings.STATE_DIR = "", tmp_path
    assert isinstance(archive(), FolderArchive)


def test_another_archive_is_named_by_the_setting(settings):
    settings.RECORDS_ARCHIVE = f"{__name__}.Shelf"
    found = archive()
    found.deliver("akt", b"bytes")
    assert found.fetch("akt") == b"bytes"


@pytest.mark.parametrize("named", ["nowhere.Archive", f"{__name__}.Missing", f"{__name__}.NoArchive", "word"])
def test_what_names_no_archive_is_refused_in_words(settings, named):
    settings.RECORDS_ARCHIVE = named
    with pytest.raises(ImproperlyConfigured, match="LIVLINA_RECORDS_ARCHIVE"):
        archive()
