"""Incident S8: a number was checked in two places of three. Here there is one check, and this finds a second.

Looks through all source (Python, templates, scripts, processes) for what a second check is made of: a pattern
for the number, a check-digit routine or library, or a field of that kind which is not the one type.
"""

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "livlina"
THE_ONE = SOURCE / "core" / "ids.py"

_DIGITS = r"(?:\\d|\[0-9\]|\[\\d\])"
_SIGN = r"\)?\??(?:\[[-+\\]+\]|\\?-)?\??\(?"
PATTERN = re.compile(  # \d{8}-?\d{4} and its like, or \d{12}
    rf"{_DIGITS}\{{(?:6|8|6,8|10|12|10,12)\}}{_SIGN}{_DIGITS}\{{4\}}|{_DIGITS}\{{1[02]\}}"
)
LIBRARY = re.compile(r"\bluhn|\bstdnum\b|\bpersonnummer\s+import\b|\bimport\s+personnummer\b", re.IGNORECASE)
NAME = re.compile(
    r"(?:^|_)(?:pnr|personnummer|ssn|identity_number|person_number|coordination_number)$", re.IGNORECASE
)
PLAIN_FIELDS = {"CharField", "TextField", "RegexField", "SlugField", "IntegerField", "BigIntegerField"}


def offences(text: str, name: str) -> list[str]:
    """What in this file looks like a second identity-number check, one line each."""
    found = [
        f"{name}:{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, sign in (("a pattern for the number", PATTERN), ("a check-digit routine", LIBRARY))
        if sign.search(line)
    ]
    return found + (fields(text, name) if name.endswith(".py") else [])


def fields(text: str, name: str) -> list[str]:
    """Fields that by their name hold an identity number but are of an ordinary type."""
    return [
        f"{name}:{node.lineno}: a field for the number that is not the one type"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        if any(isinstance(target, ast.Name) and NAME.search(target.id) for target in node.targets)
        if ast.unparse(node.value.func).rpartition(".")[2] in PLAIN_FIELDS
    ]


def sources() -> list[Path]:
    """Every file of ours that could hold a check; the vendored and the tests' own numbers are not checks."""
    kinds = {".py", ".html", ".js", ".yaml", ".yml", ".json", ".sql"}
    skipped = {"tests", "migrations", "vendor", "node_modules"}
    return [
        path
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in kinds and path != THE_ONE and not skipped & set(path.relative_to(SOURCE).parts)
        if not path.name.endswith(".min.js")
    ]


def test_there_is_one_identity_number_type_and_no_other_check_of_that_kind():
    found = [
        line
        for path in sources()
        for line in offences(path.read_text(encoding="utf-8"), str(path.relative_to(SOURCE)))
    ]
    assert not found, "Use livlina.core.ids:\n" + "\n".join(found)


def test_the_search_would_find_a_second_check_if_someone_wrote_one():
    for planted in (
        r're.compile(r"^\d{8}-?\d{4}$")',
        r're.compile(r"\d{6}[-+]?\d{4}")',
        r're.compile(r"(\d{6,8})-(\d{4})")',
        r'RegexValidator(r"[0-9]{12}")',
        "from stdnum.se import personnummer",
        "def luhn_ok(digits): ...",
    ):
        assert offences(planted, "planted.py"), planted
    assert offences('<input pattern="[0-9]{8}-[0-9]{4}">', "planted.html")
    assert offences("pnr = models.CharField(max_length=12)", "planted.py")
    assert not offences(
        "number = IdentityNumberColumn()\ncode = forms.CharField()\nmessage.pluhnge()", "fine.py"
    )
