"""The demo municipality: invented people only, the same for the same day, loaded into a demo database and no other."""

from collections.abc import Callable


def load(size: float, say: Callable[[str], None]) -> None:
    """Fill the connected demo database, as its owner; `say` hears how far it has come. Raises NotADemo.

    `size` 1 is 30 000 inhabitants, about 900 of them with services; inhabitants, cases and staff grow with it.
    """
    from livlina.core import clock
    from livlina.demo.loading import load_all
    from livlina.demo.progress import Progress

    progress = Progress(say)
    load_all(size, clock.now(), progress)
    say(f"  The demo municipality is ready after {progress.seconds()} s.")


def today() -> None:
    """Bring a loaded demo up to the present day: visits and shifts, and a shift now for the carer's log-in."""
    from livlina.core import clock
    from livlina.demo.nursing import today as nurse
    from livlina.demo.stage import as_application
    from livlina.demo.visiting import today as visit

    with as_application():
        visit(clock.now())
        nurse(clock.now())


def logins() -> list[tuple[str, str, str, str, str]]:
    """Return who one can be: role, name, e-mail, password, and what to look at; the heading first."""
    from livlina.demo.words import rows

    return rows()
