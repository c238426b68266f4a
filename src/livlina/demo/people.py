"""The inhabitants: persons, numbers, names made searchable by the room's own functions, and who acts for whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from livlina.core.calendar import add_months
from livlina.demo import namelists, places
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import stream, uuid_at
from livlina.demo.plan import Days, Town
from livlina.demo.population import Birth, births
from livlina.registers.people import names
from livlina.registers.people.models import Contact, Mandate, NameToken, Person, PersonNumber

Told = Callable[[int], None]
OF_AGE = 18
CLIENT_SHARE = ((85, 0.92), (75, 0.72), (65, 0.33), (18, 0.05), (0, 0.004))
"""(from age, share who have had something to do with the social services in two years)."""


@dataclass(slots=True)
class Resident:
    """Someone with a history at the social services, as much of them as the history needs."""

    id: str
    given: str
    called: str
    family: str
    sex: str
    born: date
    died_on: date | None
    street: str
    district: str
    protection: str
    language: str
    interpreter: bool

    @property
    def name(self) -> str:
        """The name one says."""
        return f"{self.called} {self.family}"

    @property
    def pronoun(self) -> str:
        """Hon or han."""
        return "hon" if self.sex == "female" else "han"


class Names:
    """Draws names that suit a year of birth and a background."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.women = {era: namelists.WOMEN[era].split() for era in namelists.WOMEN}
        self.men = {era: namelists.MEN[era].split() for era in namelists.MEN}
        self.families = namelists.FAMILIES.split()
        self._limits = list(accumulate(one.share for one in namelists.BACKGROUNDS))

    def draw(self, born: int, sex: str, family: str = "") -> tuple[str, str, str, str]:
        """Return given names, the name called by, the family name and a mother tongue ("": Swedish)."""
        era = max((one for one in self.women if one <= born + 10), default=1930)
        pick = self.rng.random() * (1.3 if born < 1950 else 1)  # fewer of the old were born elsewhere
        for limit, background in zip(self._limits, namelists.BACKGROUNDS, strict=True):
            if pick < limit and not family:
                called = self._one((background.women if sex == "female" else background.men).split())
                language = background.language if self.rng.random() < 0.45 else ""
                return called, called, self._one(background.families.split()), language
        pool = (self.women if sex == "female" else self.men)[era]
        called = self._one(pool)
        given = called
        if self.rng.random() < 0.75:
            second = self._one(pool)
            given = f"{called} {second}" if second != called else called
            if self.rng.random() < 0.15 and second != called:
                given = f"{second} {called}"  # the name called by need not come first
        if not family:
            family = self._one(self.families)
            if self.rng.random() < 0.05:
                family = f"{family} {self._one(self.families)}"
        return given, called, family, ""

    def _one(self, pool: list[str] | tuple[str, ...]) -> str:
        return self.rng.choices(pool, cum_weights=_weights(len(pool)))[0]


@lru_cache
def _weights(length: int) -> list[float]:
    return list(accumulate(1 / (place + 6) for place in range(length)))


@lru_cache(maxsize=20_000)
def _sound(token: str) -> str:
    return names.sound(token)


@dataclass
class _Home:
    """A grown-up who may be somebody's parent."""

    id: str
    family: str
    street: str
    district: places.District


@dataclass
class Register:
    """Writes the persons of one town, and remembers those with a history."""

    town: Town
    days: Days
    sink: Sink
    tell: Told
    residents: list[Resident] = field(default_factory=list)
    taken: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Open the tables."""
        self.rng = stream("people", self.town.code)
        self.names = Names(self.rng)
        self.tables = Tables(self.sink)
        code = {"municipality_id": self.town.municipality_id}
        self.persons = self.tables.of(
            Person, "id", "given_names", "called_name", "family_name", "birth_date", "sex", "died_on", "language",
            "interpreter", "protection", "street", "postcode", "city", "home_municipality", "followed_at", **code,
        )  # fmt: skip
        self.numbers = self.tables.of(PersonNumber, "id", "person_id", "value", "kind", "since", **code)
        self.tokens = self.tables.of(
            NameToken, "id", "person_id", "token", "others", "sound", "hidden", **code
        )
        self.contacts = self.tables.of(
            Contact, "id", "person_id", "kind", "value", "note", "protected_route", "since", **code
        )
        self.mandates = self.tables.of(
            Mandate, "id", "principal_id", "holder_id", "kind", "scope", "valid_from", "valid_to", "proof",
            "given_at", **code,
        )  # fmt: skip
        self._mothers: dict[int, list[_Home]] = {}
        self._fathers: dict[int, list[_Home]] = {}
        self._limits = list(accumulate(one.share for one in self.town.districts))
        self._protected = set(self.rng.sample(range(self.town.scaled(4_000, 20)), self.town.scaled(24, 3)))

    def write(self) -> list[Resident]:
        """Write everyone; return those with a history, the oldest first."""
        for count, birth in enumerate(
            births(self.town.inhabitants, self.days.today, self.rng, self.taken), 1
        ):
            self._person(birth, count)
            if count % 500 == 0:
                self.tables.relieve()
                self.tell(count)
        self.tables.close()
        self.tell(self.town.inhabitants)
        return self.residents

    def _person(self, birth: Birth, place: int) -> None:
        rng, born = self.rng, birth.born
        age = (self.days.today - born).days // 365
        parents = self._parents(born.year) if age < OF_AGE else []
        district = (
            parents[0].district if parents else rng.choices(self.town.districts, cum_weights=self._limits)[0]
        )
        street = parents[0].street if parents else places.address(rng, district)
        given, called, family, language = self.names.draw(
            born.year, birth.sex, parents[0].family if parents else ""
        )
        at = self.days.midnight - timedelta(days=730) + timedelta(milliseconds=place)
        person = Resident(
            uuid_at(rng, at), given, called, family, birth.sex, born, self._death(age, born), street,
            district.name, "none", language, bool(language) and rng.random() < 0.5,
        )  # fmt: skip
        client = rng.random() < next(share for start, share in CLIENT_SHARE if age >= start)
        if client and person.died_on is None and len(self.residents) in self._protected:
            person.protection = rng.choice(
                ("secrecy_marked", "secrecy_marked", "protected_registration", "fictitious")
            )
        self._store(person, birth, district, at)
        if 20 <= age <= 60:
            homes = self._mothers if birth.sex == "female" else self._fathers
            homes.setdefault(born.year, []).append(_Home(person.id, family, street, district))
        for parent in parents:
            self._custody(person, parent, at)
        if client:
            self.residents.append(person)
            self._reached_by(person, age, at)

    def _store(self, person: Resident, birth: Birth, district: places.District, at: datetime) -> None:
        """The person's row, the number's, and one for each part of the name."""
        hidden = person.protection != "none"
        street, postcode, city = person.street, district.postcode, self.town.city
        if person.protection == "protected_registration":
            street, postcode, city = "Förmedlas av Skatteverket", "", ""
        self.persons.add(
            person.id, person.given, person.called, person.family, birth.born, birth.sex, person.died_on,
            person.language, person.interpreter, person.protection, street, postcode, city, self.town.code,
            self.days.midnight - timedelta(hours=20),
        )  # fmt: skip
        self.numbers.add(uuid_at(self.rng, at), person.id, birth.number.value, birth.number.kind, at)
        for token, others in names.rows(person.family, person.given):  # as NameToken.rows_of; a test compares
            self.tokens.add(uuid_at(self.rng, at), person.id, token[:60], others[:240], _sound(token), hidden)
        if hidden:
            self.contacts.add(
                uuid_at(self.rng, at), person.id, "post", "Skyddad post, box 101, 991 20 Åsvalla",
                "Endast denna väg", True, at,
            )  # fmt: skip

    def _death(self, age: int, born: date) -> date | None:
        """A death in the last two years: the likelier, the older."""
        risk = 0.0005 if age < 60 else 0.012 if age < 75 else 0.05 if age < 85 else 0.16
        if self.rng.random() >= risk:
            return None
        return max(born, self.days.today - timedelta(days=self.rng.randrange(1, 700)))

    def _parents(self, year: int) -> list[_Home]:
        """A mother, and most often a father, of an age to have a child born that year."""
        found = []
        for homes, at_least in ((self._mothers, 1.0), (self._fathers, 0.7)):
            pool = homes.get(year - self.rng.randrange(22, 39))
            if pool and self.rng.random() < at_least:
                found.append(self.rng.choice(pool))
        return found

    def _custody(self, child: Resident, parent: _Home, at: datetime) -> None:
        last = add_months(child.born, OF_AGE * 12) - timedelta(days=1)
        begins = min(child.born, last)
        self.mandates.add(
            uuid_at(self.rng, at), child.id, parent.id, "guardian", "everything", begins, last, "Folkbokföringen",
            at,
        )  # fmt: skip

    def _reached_by(self, person: Resident, age: int, at: datetime) -> None:
        """How a person with a history is reached. Nobody's real number: the series are for fiction."""
        rng = self.rng
        if age < OF_AGE or person.protection != "none":
            return
        if rng.random() < 0.8:
            self.contacts.add(uuid_at(rng, at), person.id, "mobile", places.mobile(rng), "", False, at)
        if age > 65 and rng.random() < 0.5:
            self.contacts.add(uuid_at(rng, at), person.id, "phone", places.landline(rng), "", False, at)
        if rng.random() < 0.3:
            mail = ".".join(names.parts(person.called + " " + person.family)) + "@post.example"
            self.contacts.add(uuid_at(rng, at), person.id, "email", mail, "", False, at)
