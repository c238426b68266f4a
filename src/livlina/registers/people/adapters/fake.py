"""A population register without a register: test persons only, changed by hand."""

from datetime import date

from livlina.core.ids import IdentityNumber
from livlina.registers.people.adapters.base import PopulationRegister, Record


def _number(value: str) -> IdentityNumber:
    return IdentityNumber.stored(value)


TEST_PERSONS = (
    Record(
        _number("191212121212"),
        "Tolvan Elof",
        "Tolvansson",
        called_name="Tolvan",
        birth_date=date(1912, 12, 12),
        sex="male",
        street="Björkvägen 3",
        postcode="99102",
        city="Åsvalla",
        home_municipality="9901",
    ),
    Record(
        _number("199107172380"),
        "Freja Maria",
        "Lindkvist",
        called_name="Freja",
        birth_date=date(1991, 7, 17),
        sex="female",
        street="Skolgatan 14 B",
        postcode="99101",
        city="Åsvalla",
        home_municipality="9901",
    ),
    Record(
        _number("194408139089"),
        "Gudrun Elisabet",
        "Åkesson",
        called_name="Gudrun",
        birth_date=date(1944, 8, 13),
        sex="female",
        home_municipality="9902",
        protection="protected_registration",
    ),
)


class FakeRegister(PopulationRegister):
    """Answers from a dictionary; `fault` makes it fail as the real one would."""

    def __init__(self, *records: Record) -> None:
        self.records = {record.number: record for record in records or TEST_PERSONS}
        self.fault: Exception | None = None

    def put(self, record: Record) -> None:
        """Let the register say this from now on."""
        self.records[record.number] = record

    def ask(self, number: IdentityNumber) -> Record | None:
        """Answer by the current number, or by one the person had before."""
        if self.fault is not None:
            raise self.fault
        by_earlier = (record for record in self.records.values() if number in record.earlier_numbers)
        return self.records.get(number) or next(by_earlier, None)
