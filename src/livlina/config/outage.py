"""What a session of the reserve may do: begun by passkey or sealed key while the municipality's own sign-in was away.

Deny by default: a verb that is not named here is refused in such a session, whoever asks (`core.access.Rule`). Named are
duties that cannot wait until the sign-in is back: alarms, doors, visits, nursing, notes, orders, watches, urgent case
work. Never: administration of staff, units, keys, registers and processes; files and papers handed out; payments; rights
given to others; statistics; ways in. What the rules refuse a role on an ordinary day stays refused.
"""

_DUTIES = {
    "alarms": "answer call close_round crisis desk open_round reach_me read rota units",
    "cases": "answer assign begin find letter list read receive register registered report sort_report step write",
    "citizen_report": "read",
    "contractors": "list place read",
    "continuity": "drill pack_paper packs reserves",
    "court": "decide hear hearing list open proof read report reports submission submit",
    "deviation": "read report",
    "doors": (
        "ask_review emergencies grant hold_continuation hold_emergency hold_fitting hold_nursing hold_round hold_shift"
        " hold_stand_in keys list read revoke take_openings"
    ),
    "field": "open paper phone phones quarantine revoke settle",
    "homecare": "correct day extra plan read report review roster schedule shifts visit",
    "incident": "read register tell",
    "journal": "correct dissent draft emergency open read read_notes sign write",
    "nursing": "correct count delegations end list order pause read read_dose round sign",
    "orders": "answer change deliver draft end inbox open read read_content read_delivery recall send",
    "people": "reach read register search write",
    "placements": "choose read",
    "portal": "officer_start operations_start own_reads provider_start",
    "records": "read",
    "support": "ask own read_sheets",
    "watches": "act hand_over ignore raise read settle snooze",
}

CARE_DUTIES = frozenset(f"{room}.{verb}" for room, verbs in _DUTIES.items() for verb in verbs.split())
