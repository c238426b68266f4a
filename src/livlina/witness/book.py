"""What a witness remembers, in one folder: its key, which logs it knows, and of each the newest checkpoint it cosigned.

A file is written beside, forced to disk and renamed into place, and the folder is forced to disk: a power cut leaves
the old or the new, never half. One process at a time holds the folder. What contradicted the book is kept as evidence:
two checkpoints signed by the same log that cannot both be true.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from livlina.witness.notes import LOG, WITNESS, Checkpoint, Key, NotANote, Note, Signer

KEPT = 100
"""Pieces of evidence kept of each log; the first say most."""


class BookFault(Exception):
    """The folder cannot be used. The sentence says why."""


class Book:
    """The folder of one witness."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, name: str) -> Key:
        """Make the folder and the witness's key, once, and return the public key. Raises BookFault, NotANote."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "key.json"
        if not path.exists():
            seed = os.urandom(32)
            Key.read(str(Signer.of(name, WITNESS, seed).key))  # the name may be no name
            self._write(path, json.dumps({"name": name, "seed": seed.hex()}), 0o600)
        return self.signer().key

    def signer(self) -> Signer:
        """Return the witness's own key. Raises BookFault."""
        try:
            kept = json.loads((self.folder / "key.json").read_text(encoding="utf-8"))
            return Signer.of(kept["name"], WITNESS, bytes.fromhex(kept["seed"]))
        except (OSError, ValueError, KeyError) as fault:
            raise BookFault(f"There is no key in {self.folder}: begin with “livlina witness key”.") from fault

    def know(self, key: Key) -> None:
        """Trust a log's key from now on: the key's name is the log's origin. Raises BookFault for another's kind of key."""
        if key.use != LOG:
            raise BookFault("That is a witness's key, not a log's.")
        trusted = self.trusted()
        if str(key) not in trusted.setdefault(key.name, []):
            trusted[key.name].append(str(key))
            self._write(self.folder / "logs.json", json.dumps(trusted, indent=1))

    def trusted(self) -> dict[str, list[str]]:
        """Return the keys of each origin known."""
        with contextlib.suppress(FileNotFoundError):
            return json.loads((self.folder / "logs.json").read_text(encoding="utf-8"))
        return {}

    def keys(self, origin: str) -> list[Key]:
        """Return the keys that may sign a log's checkpoints."""
        return [Key.read(text) for text in self.trusted().get(origin, [])]

    def newest(self, origin: str) -> Note | None:
        """Return the newest checkpoint cosigned of a log, with both signatures. Raises BookFault if it cannot be read."""
        path = self._place(origin)
        if not path.exists():
            return None
        try:
            note = Note.read(path.read_text(encoding="utf-8"))
            if Checkpoint.read(note.text).origin == origin and note.signed_by(self.signer().key) is not None:
                return note
        except (NotANote, UnicodeDecodeError) as fault:
            raise BookFault(f"{path.name} is damaged: nothing is cosigned until it is looked at.") from fault
        raise BookFault(
            f"{path.name} is not what this witness cosigned: nothing is cosigned until it is looked at."
        )

    def remember(self, origin: str, note: Note) -> None:
        """Keep the newest checkpoint of a log, on disk before this returns."""
        self._write(self._place(origin), str(note))

    def keep_evidence(self, origin: str, why: str, note: Note, at: int) -> None:
        """Keep a signed checkpoint that contradicts the book, beside what the book then held."""
        folder = self.folder / "evidence"
        folder.mkdir(exist_ok=True)
        mark = self._mark(origin)
        if len(list(folder.glob(f"{mark}-*"))) < KEPT:
            held = self.newest(origin)
            told = {"at": at, "why": why, "sent": str(note), "held": str(held) if held else ""}
            name = f"{mark}-{at}-{sha256(str(note).encode()).hexdigest()[:12]}.json"
            self._write(folder / name, json.dumps(told, ensure_ascii=False, indent=1))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder while the block runs. Raises BookFault if another process holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BookFault(f"Another witness already works in {self.folder}.") from None
            yield

    def _place(self, origin: str) -> Path:
        return self.folder / f"log-{self._mark(origin)}.note"

    @staticmethod
    def _mark(origin: str) -> str:
        return sha256(origin.encode()).hexdigest()

    def _write(self, path: Path, text: str, mode: int = 0o644) -> None:
        beside = path.with_name(f".{path.name}.new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
