"""Defaults a municipality may override in `Municipality.parameters`; read through `core.parameters.value`."""

from typing import Any

PARAMETERS: dict[str, Any] = {
    "alarm_escalation_seconds": [30, 60, 180],  # an alarm nobody has accepted goes further after so long
    "order_confirmation_hours": {"social_alarm": 4, "hospital_discharge": 4, "home_care": 24, "other": 72},
    "noise_budget": 12,
    "passkey_sign_in": "always",  # or "outage": only while the municipality's own sign-in is measured not to work
    "password_sign_in": "always",  # or "never", where there is a sign-in of the municipality's own
    "witness_silence_minutes": 30,  # how long a witness of the journal's log may be silent before it is told
    "support": {  # times in working minutes, by priority; what runs around the clock is counted day and night
        "hours": ["07:30", "16:30"],
        "around_the_clock": ["acute"],
        "first_answer": {"acute": 30, "high": 120, "normal": 270, "low": 540},
        "solution": {"acute": 240, "high": 540, "normal": 1620, "low": 5400},
        "silent_after": 540,
        "agree_days": 7,
        "many_alike": 20,
        "address": "",
        "phone": "",
        "citizen_phone": "",
    },
    "process_lengths": {},  # own lengths by the name of a setting in processes/settings.yaml: {"time_to_decide": "2 months"}
    "letterhead": {  # what letters say of the sender
        "board_name": "socialnämnden",
        "administrative_court": "förvaltningsrätten",
        "postal_address": "kommunhuset",
        "phone": "kommunens växel",
    },
}
