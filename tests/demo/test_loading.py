"""The demo's people go where a demo is kept, and nowhere else. A module of its own: the others stand in a demo."""

import pytest

from livlina.core.models import Municipality
from livlina.demo.loading import NotADemo, refuse_unless_demo


@pytest.mark.django_db
def test_a_database_that_is_no_demo_is_refused(asvalla: Municipality) -> None:
    with pytest.raises(NotADemo, match="marked as a demo"):
        refuse_unless_demo()
