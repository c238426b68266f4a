"""What receivers have not been told: texts that stand inside the one statement of an exchange."""

import json
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

_UNITS = (
    "u.number, u.profile, u.interval, u.source, u.team_id, u.operator, u.model, u.area, u.keys, u.risk, u.risks, u.state,"
    " p.given_names, p.called_name, p.family_name, p.street, p.postcode, p.city, p.protection"
)
_WHOLE = "SELECT count(*) || ':' || coalesce(sum(x.xmin::text::bigint), 0) FROM {} x"
_OF_PERSONS = f"{_WHOLE} JOIN alarms_alarmunit u USING (person_id)"
VERSION = f"""
SELECT md5(concat_ws('/',
  (SELECT string_agg(concat_ws('|', {_UNITS}), ',' ORDER BY u.id)
     FROM alarms_alarmunit u LEFT JOIN people_person p ON p.id = u.person_id WHERE u.state <> 'returned'),
  ({_OF_PERSONS.format("people_contact")}), ({_OF_PERSONS.format("people_relation")}),
  ({_WHOLE.format("alarms_pendant")}), ({_WHOLE.format("alarms_oncall")}), ({_WHOLE.format("alarms_channel")}),
  ({_WHOLE.format("alarms_emergencycode")})))
"""  # noqa: S608
"""What tells whether the receivers' copy of units, codes and channels is right. A sign of life changes nothing in it."""


def after(number: int) -> list[dict[str, Any]]:
    """Return the events after a number. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, [number])
        (rows,) = cursor.fetchone()
    return json.loads(rows) if isinstance(rows, str) else rows
