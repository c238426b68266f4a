"""What a witness answers: the rules of C2SP tlog-witness `add-checkpoint`, one checkpoint of a log at a time."""

import threading
from dataclasses import dataclass

from livlina.witness.book import Book, BookFault
from livlina.witness.merkle import extends
from livlina.witness.notes import Checkpoint, NotANote, Note, read_submission

PLAIN, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True)
class Answer:
    """A status, its body, and what the body is."""

    status: int
    body: str
    kind: str = PLAIN


class Judge:
    """Cosigns what extends what it has seen, and nothing else. Safe from several threads."""

    def __init__(self, book: Book) -> None:
        self.book, self.signer, self.one = book, book.signer(), threading.Lock()

    def add_checkpoint(self, body: bytes, now: int) -> Answer:
        """Answer a submission at `now` (POSIX seconds). The new checkpoint is on disk before 200 is answered."""
        try:
            old, proof, note = read_submission(body)
            checkpoint = Checkpoint.read(note.text)
        except NotANote as fault:
            return Answer(400, f"{fault}\n")
        keys = self.book.keys(checkpoint.origin)
        if not keys:
            return Answer(404, "unknown log\n")
        good = [key for key in keys if note.signed_by(key) is not None]
        if not good:
            return Answer(403, "no signature of this log\n")
        if old > checkpoint.size:
            return Answer(400, "the old size is larger than the checkpoint's\n")
        with self.one:
            try:
                return self._judge(old, proof, note, checkpoint, now)
            except (BookFault, OSError) as fault:
                return Answer(503, f"{fault}\n")

    def _judge(self, old: int, proof: list[bytes], note: Note, new: Checkpoint, now: int) -> Answer:
        kept = self.book.newest(new.origin)
        held = Checkpoint.read(kept.text) if kept else Checkpoint(new.origin, 0, b"")
        if old != held.size:
            if new.size < held.size:
                self.book.keep_evidence(new.origin, "smaller", note, now)
            return Answer(409, f"{held.size}\n", SIZE)
        if new.size == held.size and held.size and new.root != held.root:
            self.book.keep_evidence(new.origin, "another root of the same size", note, now)
            return Answer(409, f"{held.size}\n", SIZE)
        if not extends(held.size, new.size, held.root, new.root, proof):
            self.book.keep_evidence(new.origin, "no consistency", note, now)
            return Answer(422, "the checkpoint does not extend the one before\n")
        line = self.signer.line(note.text, now)
        ours = tuple(one for one in note.lines if not one.startswith(f"— {self.signer.key.name} "))
        self.book.remember(new.origin, Note(note.text, (*ours, line)))
        return Answer(200, line)
