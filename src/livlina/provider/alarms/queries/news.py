"""What receivers have not been told: texts that stand inside the one statement of an exchange."""

import json
import time
from typing import Any

from django.db import connection

_STATES = (
    "CASE e.did WHEN 'shown' THEN 'shown' WHEN 'on_site' THEN 'on_site' WHEN 'closed' THEN 'closed'"
    " ELSE 'accepted' END"
)
SQL = f"""
SELECT coalesce(jsonb_agg(jsonb_build_object('number', n.number, 'id', n.id, 'state', n.state, 'by', n.who,
                                             'at', n.at) ORDER BY n.number), '[]'::jsonb)
FROM (SELECT e.number, k.id, {_STATES} AS state, extract(epoch FROM e.at)::float AS at,
             CASE e.did WHEN 'handed_over' THEN e.to_name ELSE e.by_name END AS who
      FROM alarms_alarmevent e
      CROSS JOIN LATERAL (
          SELECT e.alarm_id AS id
          UNION SELECT r.record FROM alarms_alarmevent x JOIN alarms_receipt r ON r.id = x.receipt_id
                WHERE x.alarm_id = e.alarm_id AND x.did = 'repeated') k
      WHERE e.number > %s AND e.did IN ('shown', 'accepted', 'handed_over', 'on_way', 'on_site', 'closed')
      ORDER BY e.number LIMIT 200) n
"""  # noqa: S608
"""Events after a number, of every record that is or was counted in the alarm. Parameter: the number."""

_UNITS = "u.number, u.profile, u.interval, u.source, u.team_id, u.operator, u.model, u.area, u.keys, u.risk, u.risks"
_PERSON = "p.given_names, p.called_name, p.family_name, p.street, p.postcode, p.city, p.protection"
_OF_PERSON = "(SELECT sum(x.xmin::text::bigint) + count(*) FROM {} x WHERE x.person_id = u.person_id)"
_WHOLE = "SELECT count(*) || ':' || coalesce(sum(x.xmin::text::bigint), 0) FROM {} x"
VERSION = f"""
SELECT md5(concat_ws('/',
  (SELECT count(*) || ':' || coalesce(sum(hashtextextended(concat_ws('|', {_UNITS},
            (SELECT concat_ws('|', {_PERSON}) FROM people_person p WHERE p.id = u.person_id),
            {_OF_PERSON.format("people_contact")}, {_OF_PERSON.format("people_relation")}), 0)), 0)
     FROM alarms_alarmunit u WHERE u.state <> 'returned'),
  ({_WHOLE.format("alarms_pendant")}), ({_WHOLE.format("alarms_oncall")}), ({_WHOLE.format("alarms_channel")}),
  ({_WHOLE.format("alarms_emergencycode")})))
"""  # noqa: S608
"""What tells whether the receivers' copy of units, codes and channels is right. A sign of life changes nothing in it.

Each unit's person is looked up by itself: a join is a thousand times slower where the database has no statistics yet.
"""

KEPT = 10.0
"""Seconds a version is believed. A receiver that has another is believed only after a look."""
_versions: dict[tuple[str, int], tuple[float, str]] = {}


def version(municipality_id: int, said: str) -> str:
    """Return the version of what receivers keep a copy of; no statement when `said` was right a moment ago."""
    key = (str(connection.settings_dict["NAME"]), municipality_id)
    at, kept = _versions.get(key, (0.0, ""))
    if kept == said and time.monotonic() - at < KEPT:
        return kept
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        (found,) = cursor.fetchone()
    _versions[key] = (time.monotonic(), found)
    return str(found)


def after(number: int) -> list[dict[str, Any]]:
    """Return the events after a number. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [number])
        (rows,) = cursor.fetchone()
    return json.loads(rows) if isinstance(rows, str) else rows
