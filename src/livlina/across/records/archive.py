"""The port to the e-archive, and the one implementation that is built in: a folder.

An archive takes a package under a name and can be asked for it again; its receipt number is given by whoever runs
it. A folder on another machine's disk, emptied into the real e-archive by that archive's own means, is a real
implementation: what it holds is read back before anything is destroyed. Another is named by the setting
`LIVLINA_RECORDS_ARCHIVE` (dotted path of a class with the same two methods, made without arguments).
"""

import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class Archive(Protocol):
    """What an e-archive must be able to do."""

    def deliver(self, name: str, package: bytes) -> None:
        """Keep the package under the name; the same again changes nothing, another under that name is refused."""

    def fetch(self, name: str) -> bytes | None:
        """Return the package as the archive holds it now, or None."""


class ArchiveRefused(Exception):
    """The e-archive could not take the package, or holds another under the same name."""


class FolderArchive:
    """A folder: each package is written whole, synced to disk and only then given its name."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or Path(settings.STATE_DIR) / "e-archive"

    def deliver(self, name: str, package: bytes) -> None:
        """Write the package. Raises ArchiveRefused."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = self.fetch(name)
        if held is not None:
            if held != package:
                raise ArchiveRefused("E-arkivet har redan ett annat paket med samma namn.")
            return
        part = self.root / f"{name}.part"
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(package)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.root / name)
        except OSError as fault:
            raise ArchiveRefused(
                f"Paketet gick inte att skriva till e-arkivet ({fault.strerror})."
            ) from fault

    def fetch(self, name: str) -> bytes | None:
        """Read the package back."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None


def archive() -> Archive:
    """Return the archive of this installation. Raises ImproperlyConfigured when the setting names none."""
    if not settings.RECORDS_ARCHIVE:
        return FolderArchive()
    try:
        found: Archive = import_string(settings.RECORDS_ARCHIVE)()
    except (ImportError, TypeError) as wrong:
        raise ImproperlyConfigured(
            f"LIVLINA_RECORDS_ARCHIVE names no class of an e-archive that can be made: {wrong}"
        ) from wrong
    if not (callable(getattr(found, "deliver", None)) and callable(getattr(found, "fetch", None))):
        raise ImproperlyConfigured("LIVLINA_RECORDS_ARCHIVE names something that can not deliver and fetch.")
    return found
