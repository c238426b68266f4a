"""Every chain of one municipality's journal, computed anew. Needs Django set up on the database to look in."""

from __future__ import annotations

from random import SystemRandom


def broken(slug: str, most: int = 0) -> list[str]:
    """Return in words which chains do not hold; nothing of what they say. `most`: of so many drawn by lot (0: all)."""
    from livlina.core.models import Municipality
    from livlina.core.tenancy import EVERYTHING, acting
    from livlina.registers.journal.chain import verify_chain
    from livlina.registers.journal.models import ChainHead

    place = Municipality.objects.get(slug=slug)
    wrong = []
    with acting(place.pk, EVERYTHING):
        people = list(
            ChainHead.objects.filter(municipality=place).values_list("person_id", flat=True).distinct()
        )
        for person_id in SystemRandom().sample(people, most) if 0 < most < len(people) else people:
            report = verify_chain(person_id)
            wrong += [f"A chain in compartment {found.compartment} is broken." for found in report.breaks]
    return wrong
