"""``livlina municipality``: begin a municipality, with its first administrator and a link to choose a password."""

from __future__ import annotations

import argparse
import os

from livlina.cli.surroundings import Problem, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--name", required=True, help="as people know it: “Åsvalla kommun”")
    parser.add_argument("--slug", required=True, help="its short name in addresses: asvalla")
    parser.add_argument("--code", required=True, help="kommunkod, four digits")
    parser.add_argument(
        "--administrator", required=True, metavar="NAME", help="who administers staff and units"
    )
    parser.add_argument("--email", required=True, help="the address they sign in with")


def run(options: argparse.Namespace) -> int:
    """Make what is missing of it. Raises Problem."""
    if not (options.code.isdigit() and len(options.code) == 4):
        raise Problem("A kommunkod has four digits.")
    if not os.environ.get("LIVLINA_OWNER_DATABASE_URL"):
        raise Problem("Set LIVLINA_OWNER_DATABASE_URL: only the owner of the tables adds a municipality.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    os.environ["LIVLINA_AS_OWNER"] = "1"
    import django

    django.setup()
    token, origin = _begin(options)
    say(f"{options.name} is there. {options.administrator} chooses a password here, once, within two days:")
    say(f"  {origin}/first-password/{token}")
    return 0


def _begin(options: argparse.Namespace) -> tuple[str, str]:
    """Make the municipality if it is new, and its administrator if it has none."""
    from django.conf import settings
    from django.db import IntegrityError

    from livlina.across.portal.actions import AdministrationRefused, first_administrator
    from livlina.core import clock, tenancy
    from livlina.core.access import system
    from livlina.core.models import Municipality

    try:
        home, _ = Municipality.objects.get_or_create(
            slug=options.slug, defaults={"name": options.name, "code": options.code}
        )
    except IntegrityError:
        raise Problem("Another municipality has that name or code.") from None
    try:
        with tenancy.acting(home.pk):
            _, token = first_administrator(
                home, options.administrator, options.email, by=system(home.pk), now=clock.now()
            )
    except AdministrationRefused as wrong:
        raise Problem(str(wrong)) from None
    return token, str(settings.ORIGIN)
