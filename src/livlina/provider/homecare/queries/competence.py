"""What carers may do on a day: their skills and delegations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from livlina.core.models import Assignment
from livlina.provider.homecare.models import Delegation, Skill
from livlina.provider.homecare.models.words import HEALTH, NURSING_TASKS, SKILLS


@dataclass
class Competence:
    """What one carer can. A nurse needs no delegation; others besides need access to the nursing book."""

    licensed: bool = False
    signs: bool = False
    skills: set[str] = field(default_factory=set)
    delegations: set[tuple[str, UUID | None]] = field(default_factory=set)

    def lacks(self, asked: Iterable[str], person_id: UUID) -> list[str]:
        """Return the delegations among `asked` that are missing for this person, in words."""
        return [NURSING_TASKS.get(task, task).lower() for task in asked if not self._may(task, person_id)]

    def lacks_skills(self, asked: Iterable[str]) -> list[str]:
        """Return the skills among `asked` that are missing, in words."""
        return [SKILLS.get(code, code).lower() for code in asked if code not in self.skills]

    def _may(self, task: str, person_id: UUID) -> bool:
        held = {(task, None), (task, person_id)} & self.delegations
        return self.licensed or (self.signs and bool(held))


def competence_of(carer_ids: Sequence[UUID], on: date) -> dict[UUID, Competence]:
    """Return what each of these carers may do on a day. Three statements."""
    found: dict[UUID, Competence] = defaultdict(Competence)
    for key, role, sees in Assignment.objects.filter(pk__in=carer_ids).values_list(
        "pk", "role", "compartments"
    ):
        found[key].licensed = role == "nurse"
        found[key].signs = HEALTH in sees
    runs = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    skills = Skill.objects.filter(runs, carer_id__in=carer_ids, valid_from__lte=on)
    for key, code in skills.values_list("carer_id", "code"):
        found[key].skills.add(code)
    held = Delegation.objects.filter(carer_id__in=carer_ids, valid_from__lte=on, valid_to__gte=on)
    for key, task, person in held.filter(revoked_at=None).values_list("carer_id", "task", "person_id"):
        found[key].delegations.add((task, person))
    return dict(found)
