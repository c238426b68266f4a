"""An invented e-identification for the demo: whoever asks is whoever they say. It cannot be switched on elsewhere.

Two locks: its route is mounted in demo and tests only (`urls.py`), and `sign_in` itself refuses.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from livlina.across.portal import signin
from livlina.core.models import Municipality


class OnlyInDemo(Exception):
    """The invented e-identification exists only in the demo."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True)
class DemoCitizen:
    """Someone to be in the demo, and why one would."""

    number: str
    given_names: str
    family_name: str
    why: str


def allowed() -> bool:
    """Whether this is the demo or a test."""
    return bool(settings.DEMO or settings.TEST)


def citizens(municipality: Municipality) -> list[DemoCitizen]:
    """Return whom the demo offers, as its loader noted in the parameter `demo_citizens`. Raises OnlyInDemo."""
    if not allowed():
        raise OnlyInDemo
    return [DemoCitizen(**one) for one in municipality.parameters.get("demo_citizens", ())]


def sign_in(
    request: HttpRequest, who: signin.Identity, municipality: Municipality, next_url: str
) -> HttpResponse:
    """Sign in as anyone at all. Raises OnlyInDemo, SignInFailed."""
    if not allowed():
        raise OnlyInDemo
    return signin.citizen(request, who, municipality, kind="demo", next_url=next_url)
