"""`livlina support-mail`: a maildir from letter to ticket."""

from argparse import Namespace
from pathlib import Path

import pytest

from livlina.across.support.models import Ticket
from livlina.cli import support_mail
from livlina.cli.surroundings import Problem
from livlina.core.models import Municipality


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    """A folder with a letter, and something that is none."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(b"From: a@b.example\r\nSubject: Hej\r\n\r\nHur loggar jag in?")
    (tmp_path / "new" / "2").write_bytes(b"ingenting")
    return tmp_path


def test_a_maildir_is_emptied_and_what_is_no_letter_is_put_aside_too(
    asvalla: Municipality, maildir: Path
) -> None:
    assert support_mail.run(Namespace(municipality="asvalla", maildir=maildir)) == 0
    assert Ticket.objects.get().subject == "Hej"
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1:2,S", "2:2,S"]
    assert list(support_mail.letters(maildir)) == []


def test_a_wrong_name_is_told_and_the_letters_stay(
    asvalla: Municipality, maildir: Path, tmp_path: Path
) -> None:
    with pytest.raises(Problem, match="no municipality"):
        support_mail.run(Namespace(municipality="finns-inte", maildir=maildir))
    assert len(list(support_mail.letters(maildir))) == 2
    with pytest.raises(Problem, match="no folder"):
        support_mail.run(Namespace(municipality="asvalla", maildir=tmp_path / "borta"))


def test_a_mail_server_hears_that_something_is_no_letter(asvalla: Municipality) -> None:
    assert support_mail._take("asvalla", b"ingenting") == support_mail.NO_LETTER
