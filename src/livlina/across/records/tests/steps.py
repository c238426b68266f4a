"""The steps of a destruction, as the tests take them."""

from django.db import connection

from livlina.across.records import actions

ELDERLY, CHILDREN = 1, 4


def listed(eva, now, branch=ELDERLY):
    """Eva's frozen list of a branch."""
    return actions.freeze(actions.propose(branch, by=eva, now=now), by=eva, now=now)


def prepared(item, eva, manager, now):
    """Everything before the destruction itself."""
    actions.approve(item.run, by=manager, now=now)
    actions.export(item, by=eva, now=now)
    actions.note_receipt(item, "EA-2026-0417", by=eva, now=now)
    actions.quarantine(item, by=eva, now=now)


def call(item, by, now):
    """Ask the database for the destruction itself, past the application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT records_destroy(%s, %s, %s, %s, %s, %s)",
            [item.pk, by.user_id, by.name, by.title, by.role, now],
        )
