"""A witness cosigns what extends what it saw, and nothing else: by its rules, over the network, and after a power cut."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from livlina.witness.book import Book, BookFault
from livlina.witness.judge import Judge
from livlina.witness.merkle import EMPTY, leaf_hash, node_hash
from livlina.witness.notes import LOG, WITNESS, Checkpoint, Key, NotANote, Note, Signer, submission
from livlina.witness.server import serve

LOG_KEY = Signer.of("asvalla.example/journal/1", LOG, b"\x01" * 32)
A, B, C = (leaf_hash(one) for one in (b"a", b"b", b"c"))
ONE, TWO = A, node_hash(A, B)
THREE, OTHER = node_hash(TWO, C), node_hash(node_hash(A, C), B)
TRUE = {1: ONE, 2: TWO, 3: THREE}
NOON = 1_790_000_000


def note(size: int, root: bytes | None = None, signer: Signer = LOG_KEY) -> str:
    text = Checkpoint(LOG_KEY.key.name, size, root or TRUE[size]).text
    return str(Note(text, (signer.line(text),)))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    found = Book(tmp_path / "witness")
    found.begin("sjohaga.example/witness")
    found.know(LOG_KEY.key)
    return found


@pytest.fixture
def judge(book: Book) -> Judge:
    """A witness that has cosigned two leaves."""
    found = Judge(book)
    assert found.add_checkpoint(submission(0, [], note(2)), NOON).status == 200
    return found


def test_a_log_that_only_grows_is_cosigned_with_the_time(judge, book):
    answer = judge.add_checkpoint(submission(2, [C], note(3)), NOON + 60)
    assert answer.status == 200
    cosigned = Note.read(note(3) + answer.body)
    assert cosigned.signed_by(book.signer().key) == NOON + 60
    assert cosigned.signed_by(LOG_KEY.key) == 0
    held = book.newest(LOG_KEY.key.name)
    assert held is not None
    assert Checkpoint.read(held.text).size == 3


def test_the_same_again_is_cosigned_anew_so_that_it_is_known_to_be_the_newest_still(judge):
    answer = judge.add_checkpoint(submission(2, [], note(2)), NOON + 900)
    assert (answer.status, answer.body.startswith("— sjohaga.example/witness ")) == (200, True)


STRANGER = Signer.of(LOG_KEY.key.name, LOG, b"\x02" * 32)
UNKNOWN = Checkpoint("another.example/journal/1", 3, THREE).text
REFUSED = {
    "no proof": (submission(2, [], note(3)), 422),
    "another's proof": (submission(2, [A], note(3)), 422),
    "a rewritten history": (submission(2, [C], note(3, OTHER)), 422),
    "another root of the same size": (submission(2, [], note(2, OTHER)), 409),
    "a smaller tree": (submission(1, [], note(1)), 409),
    "a start from nothing": (submission(0, [], note(3)), 409),
    "an older size than the witness has seen": (submission(1, [B, C], note(3)), 409),
    "an old size beyond the new": (submission(3, [], note(2)), 400),
    "no signature of the log": (submission(2, [C], note(3, signer=STRANGER)), 403),
    "a log it does not know": (submission(0, [], str(Note(UNKNOWN, (LOG_KEY.line(UNKNOWN),)))), 404),
    "no checkpoint": (b"old 2\n\nhello\n", 400),
    "nothing": (b"", 400),
    "a proof too long": (submission(2, [C] * 64, note(3)), 400),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(judge, book, what):
    body, status = REFUSED[what]
    answer = judge.add_checkpoint(body, NOON + 60)
    assert answer.status == status
    if status == 409:
        assert (answer.body, answer.kind) == ("2\n", "text/x.tlog.size")
    assert "cosigned" not in answer.body
    assert "— " not in answer.body
    held = book.newest(LOG_KEY.key.name)
    assert held is not None
    assert Checkpoint.read(held.text).size == 2, "what was refused left nothing behind"


def test_two_checkpoints_of_one_log_that_cannot_both_be_true_are_kept_as_evidence(judge, book):
    judge.add_checkpoint(submission(2, [C], note(3, OTHER)), NOON)
    judge.add_checkpoint(submission(1, [], note(1)), NOON)
    assert len(list((book.folder / "evidence").iterdir())) == 2


def test_what_a_witness_cosigned_it_knows_after_a_restart_and_a_power_cut_between_writing_and_renaming(
    judge, book
):
    beside = book.folder / f".log-{sha256(LOG_KEY.key.name.encode()).hexdigest()}.note.new"
    beside.write_text("half a no", encoding="utf-8")
    again = Judge(Book(book.folder))
    assert again.add_checkpoint(submission(0, [], note(1)), NOON).status == 409
    assert again.add_checkpoint(submission(2, [C], note(3)), NOON).status == 200


def test_a_damaged_book_signs_nothing_rather_than_begin_anew(judge, book):
    (place,) = book.folder.glob("log-*.note")
    place.write_text(note(1), encoding="utf-8")  # the log's own, but this witness never cosigned it
    assert judge.add_checkpoint(submission(1, [B, C], note(3)), NOON).status == 503
    place.write_text("", encoding="utf-8")
    assert judge.add_checkpoint(submission(0, [], note(3)), NOON).status == 503


def test_two_witnesses_do_not_share_a_folder(book):
    with book.held(), pytest.raises(BookFault, match="Another witness"), Book(book.folder).held():
        pass


def test_the_key_is_made_once_for_its_owner_alone_and_a_wrong_name_is_refused(book, tmp_path):
    assert str(book.begin("another.example/name")) == str(book.signer().key)
    assert (book.folder / "key.json").stat().st_mode & 0o077 == 0
    with pytest.raises(NotANote):
        Book(tmp_path / "x").begin("a name with spaces")
    with pytest.raises(BookFault, match="key"):
        Book(tmp_path / "y").signer()
    with pytest.raises(BookFault, match="not a log's"):
        book.know(book.signer().key)


def test_the_example_of_the_specification_is_read_and_written_back_alike():
    whole = (
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
        "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC"
        "+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
    )
    read = Note.read(whole)
    assert str(read) == whole
    assert read.text.endswith("ed è subito sera.\n")


@pytest.mark.parametrize(
    "wrong", ["", "a+b", "a b+00000000+AA==", str(LOG_KEY.key)[:-4], "x" + str(LOG_KEY.key)]
)
def test_what_is_no_key_is_refused(wrong):
    with pytest.raises(NotANote):
        Key.read(wrong)


def test_keys_read_as_written():
    for use in (LOG, WITNESS):
        key = Signer.of("x.example/y", use, b"\x07" * 32).key
        assert Key.read(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "o\n1\n", "o\n01\nAA==\n", f"o\n-1\n{'A' * 43}=\n", "o\n1\nAA==\n", "\n1\nx\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NotANote):
        Checkpoint.read(text)
    assert Checkpoint.read(Checkpoint("o", 0, EMPTY).text).root == EMPTY


@pytest.fixture
def address(judge: Judge, book: Book) -> Iterator[str]:
    """A witness that answers on the network."""
    with serve(book, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def ask(address: str, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body), timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_over_the_network_an_auditor_sees_what_was_cosigned_and_a_log_that_shrank_is_refused(address, book):
    mark = sha256(LOG_KEY.key.name.encode()).hexdigest()
    assert ask(f"{address}/add-checkpoint", submission(2, [C], note(3)))[0] == 200
    assert ask(f"{address}/add-checkpoint", submission(1, [], note(1))) == (409, "3\n")
    status, shown = ask(f"{address}/checkpoint/{mark}")
    assert status == 200
    assert Note.read(shown).signed_by(book.signer().key) is not None
    assert ask(f"{address}/logs") == (200, f"{mark} {LOG_KEY.key.name}\n")
    assert ask(f"{address}/key") == (200, f"{book.signer().key}\n")
    assert ask(f"{address}/checkpoint/{'0' * 64}")[0] == 404
    assert ask(f"{address}/elsewhere", b"x")[0] == 404
    assert ask(f"{address}/add-checkpoint", b"x" * 90_000)[0] == 413
