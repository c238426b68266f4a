"""A dose that was given twice reports itself, once, without a word from the nursing book."""

from livlina.across.quality.models import Deviation
from livlina.core import outbox
from livlina.core.access import Actor, allowed
from livlina.provider.homecare.actions import doses
from livlina.provider.homecare.models import Dose


def test_a_dose_given_twice_is_a_deviation_the_manager_sees_without_the_medicine(
    evening: Dose, lena: Actor, petra: Actor, erik: Actor
) -> None:
    for _ in range(2):
        doses.sign(
            evening.pk, task_id=evening.task_id, given=True, at=evening.due_at, by=lena, now=evening.due_at
        )
    outbox.deliver_waiting()
    told = allowed(petra, "deviation.read", Deviation.objects.all()).get()
    assert (told.track, told.reporter_name, told.person_id) == ("health", "Lena Falk", None)
    assert "dosett" not in told.what
    assert not allowed(erik, "deviation.read", Deviation.objects.all()).exists()
