"""The room's forms: which home is sought, and which of those with room is chosen."""

from datetime import date
from typing import Any

from django import forms

from livlina.authority.contractors.queries import FreeHome
from livlina.authority.placements.models import FAMILY_HOMES
from livlina.core.ui.forms import DateField, OnceMixin


class SeekForm(forms.Form):
    """What kind of home, and from when."""

    kind = forms.ChoiceField(label="Slag av hem", choices=FAMILY_HOMES, widget=forms.RadioSelect)
    since = DateField(label="I hemmet från och med")


class ChooseForm(OnceMixin):
    """One of the homes that fit and have room."""

    def __init__(self, free: list[FreeHome], kind: str, since: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        homes = [(str(home.home_id), _words(home)) for home in free]
        self.fields["home"] = forms.ChoiceField(
            label="Hem med ledig plats", choices=homes, widget=forms.RadioSelect
        )
        self.fields["kind"] = forms.CharField(widget=forms.HiddenInput, initial=kind)
        self.fields["since"] = forms.CharField(widget=forms.HiddenInput, initial=since.isoformat())


def _words(home: FreeHome) -> str:
    """All that a child's worker sees of a home: name, kinds, municipality, ages, places."""
    parts = [
        home.name,
        home.kinds.lower(),
        home.place,
        f"{home.ages} år",
        f"{home.free} av {home.capacity} platser lediga",
    ]
    return ", ".join(part for part in parts if part)
