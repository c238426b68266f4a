"""A demo that has rested does not begin with a pile of warnings about doses nobody could have given."""

from collections.abc import Callable
from datetime import datetime, timedelta

from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.demo import nursing
from livlina.provider.homecare import jobs_nursing
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, NursingTask
from tests.people import staff


def test_the_last_days_doses_are_given_when_the_demo_wakes(
    asvalla: Municipality, astrids_dosette: NursingTask, lena: Actor, give: Callable[..., Delegation], now: datetime
) -> None:  # fmt: skip
    ali = staff(asvalla, "Ali Hassan", "provider_staff", "Norra hemtjänsten", compartments=(2, 3))
    give(ali)
    later = now + timedelta(days=9, hours=6)
    Dose.objects.update(state="cancelled")  # those of the first days were seen to
    nursing.today(later)
    assert DoseSignature.objects.filter(by_id=ali.user_id).count() == 2
    assert jobs_nursing.warn_of_missed(asvalla.pk, later) == 0
