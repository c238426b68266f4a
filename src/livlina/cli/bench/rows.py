"""The rows that hang on people, made by the database itself from numbers: staff, cases, journal, watches."""

# ruff: noqa: S608 - the only text put into the statements is what stands here

_SIGNED = "now() - n * interval '3 days', 1, 'Karin Ekdal', 'Biståndshandläggare', 'case_worker'"
_UNIT = "'00000000-0000-7000-8000-000000000001'::uuid"
_FACTS = (
    "('living_with', '\"alone\"'), ('housing_kind', '\"flat_without_lift\"'), ('stairs', 'true'),"
    " ('health_own_words', '\"Jag ramlade i höstas och vågar inte duscha själv.\"'),"
    " ('help_in_own_words', '\"Jag behöver hjälp på morgonen och med maten.\"'), ('pets', '\"En katt\"'),"
    " ('assessment', '\"Behovet av stöd bedöms vara större på morgonen. Hembesök är gjort.\"'),"
    " ('goals', '\"Att kunna bo kvar hemma och känna sig trygg.\"')"
)

STAFF = (
    "INSERT INTO core_municipality (id, name, slug, code, parameters)"
    " VALUES (1, 'Mätby kommun', 'matby', '9999', '{}')",
    f"INSERT INTO core_unit (id, municipality_id, name, side) VALUES ({_UNIT}, 1, 'Biståndsenheten', 'authority')",
    "INSERT INTO core_user (id, password, email, name, kind, is_active, language, appearance, single_keys)"
    " VALUES (1, '!measured', 'karin@matby.example', 'Karin Ekdal', 'staff', true, 'sv', 'auto', true)",
    "INSERT INTO core_assignment (id, municipality_id, user_id, unit_id, role, title, compartments,"
    f" qualifications, valid_from) VALUES ('00000000-0000-7000-8000-000000000002', 1, 1, {_UNIT}, 'case_worker',"
    " 'Biståndshandläggare', '{1}', '{}', '2024-01-01')",
    "SELECT setval(pg_get_serial_sequence('core_user', 'id'), 1)",
)

CARE = {
    "cases": f"""
CREATE TEMP TABLE cared ON COMMIT DROP AS
    SELECT person.id AS person_id, gen_random_uuid() AS case_id, gen_random_uuid() AS file_id,
           gen_random_uuid() AS decision_id, row_number() OVER () AS place
    FROM (SELECT id FROM people_person WHERE protection = 'none' ORDER BY md5(id::text) LIMIT %(cared)s) person;
INSERT INTO people_reach (id, municipality_id, person_id, unit_id, source, reason, since)
    SELECT gen_random_uuid(), 1, person_id, {_UNIT}, 'cases.case:' || case_id, 'case', now() FROM cared;
INSERT INTO cases_case (id, municipality_id, compartment, number, process_code, process_version, state, state_since,
        received_on, received_how, back_dated, registered_on, next_due, person_id, responsible_id, unit_id)
    SELECT case_id, 1, 1, '2026-' || lpad(place::text, 6, '0'), 'home_care', '2025-07-01', 'running', now(),
           current_date - 100, 'e_service', false, current_date - 100, current_date + (place %% 90)::int, person_id,
           CASE WHEN place %% 20 = 0 THEN NULL ELSE 1 END, {_UNIT} FROM cared
""",
    "facts, decisions, clocks and events of cases": f"""
INSERT INTO cases_casefact (id, municipality_id, compartment, at, by_user_id, by_name, by_title, by_role, name, value,
        source, source_ref, source_text, as_of, case_id)
    SELECT gen_random_uuid(), 1, 1, {_SIGNED}, fact.name, fact.value::jsonb, 'application', '', 'Ansökan 2026-000123',
           current_date - 90, case_id FROM cared, (VALUES {_FACTS}) AS fact (name, value), generate_series(1, 1) n;
INSERT INTO cases_deadline (id, municipality_id, compartment, name, label, law_key, lapses, anchor, anchor_date,
        strict_date, legal_date, escalations, state, stopped_by, case_id)
    SELECT gen_random_uuid(), 1, 1, 'clock_' || n, 'Följ upp beslutet', '', false, 'decision', current_date - 90,
           current_date + n * 10, current_date + n * 10 + 1, '[]', 'running', '', case_id
    FROM cared, generate_series(1, 2) n;
INSERT INTO cases_decision (id, municipality_id, compartment, at, by_user_id, by_name, by_title, by_role, number,
        outcome, decided_on, against, reasons, reservation, interim, valid_from, valid_to, law_key, law_text,
        appeal_text, presented_by, unit_name, delegation_text, relation, case_id)
    SELECT decision_id, 1, 1, {_SIGNED}, 1, 'partly_granted', current_date - 80, true,
           'Behovet av stöd kan inte tillgodoses på annat sätt i den omfattning som beviljas.', '', false,
           current_date - 79, current_date + 200, 'sol_11_1', '11 kap. 1 § socialtjänstlagen', '', '',
           'Biståndsenheten', '3.1', '', case_id FROM cared, generate_series(1, 1) n;
INSERT INTO cases_decisionline (id, municipality_id, compartment, at, by_user_id, by_name, by_title, by_role, position,
        service, service_label, granted, quantity, unit, valid_from, law_key, law_text, reasons, appeal_text,
        decision_id)
    SELECT gen_random_uuid(), 1, 1, {_SIGNED}, n, 'personal_care', 'Personlig omvårdnad', n < 3, 12,
           'timmar per månad', current_date - 79, 'sol_11_1', '11 kap. 1 § socialtjänstlagen', '',
           CASE WHEN n < 3 THEN '' ELSE 'Beslutet kan överklagas inom tre veckor.' END, decision_id
    FROM cared, generate_series(1, 3) n;
INSERT INTO cases_caseevent (id, municipality_id, compartment, at, by_user_id, by_name, by_title, by_role, step, label,
        flow, from_state, to_state, law_key, law_text, detail, case_id)
    SELECT gen_random_uuid(), 1, 1, {_SIGNED}, 'assign', 'Ärendet fördelades', 'main', 'received', 'assigned', '', '',
           '{{}}', case_id FROM cared, generate_series(1, 10) n
""",
    "journal files and notes": f"""
INSERT INTO journal_file (id, municipality_id, compartment, law, opened_at, opened_by, person_id, unit_id)
    SELECT file_id, 1, 1, 'SoL', now() - interval '1 year', 1, person_id, {_UNIT} FROM cared;
INSERT INTO journal_chainhead (id, municipality_id, compartment, seq, hash, person_id)
    SELECT gen_random_uuid(), 1, 1, 20, sha256('filler'), person_id FROM cared;
INSERT INTO journal_note (id, municipality_id, compartment, author_id, author_name, author_title, author_unit,
        author_unit_id, authored_at, seq, salt, digest, prev_hash, hash, client_id, content_hash, event_at,
        event_precision, late_reason, kind, law, source_person, life_areas, text, about_type, cites_author, placed_at,
        signed_name, file_id, person_id)
    SELECT gen_random_uuid(), 1, 1, 1, 'Karin Ekdal', 'Biståndshandläggare', 'Biståndsenheten', {_UNIT},
           now() - n * interval '9 days', 21 - n, gen_random_uuid(), sha256('filler'), sha256('filler'),
           sha256('filler'), gen_random_uuid(), sha256(file_id::text::bytea || n::text::bytea),
           now() - n * interval '9 days', 'minute', '', 'phone', 'SoL', '', '{{}}',
           'Samtal med den enskilde, som berättar att morgnarna är svårast och att sonen hjälper till med maten på '
           || 'söndagar. Vi kom överens om en ny kontakt nästa vecka. Nummer ' || n || '.',
           '', '', now() - n * interval '9 days', '', file_id, person_id
    FROM cared, generate_series(1, 20) n
""",
    "open watches": f"""
CREATE TEMP TABLE watched ON COMMIT DROP AS
    SELECT gen_random_uuid() AS watch_id, n, CASE WHEN n %% 50 = 0 THEN 'orders.unconfirmed'
           WHEN n %% 3 = 0 THEN 'cases.information_awaited' ELSE 'cases.deadline' END AS type,
           now() + (n %% 70 - 10) * interval '1 day' AS due_at, person_id, case_id
    FROM generate_series(1, %(watches)s) n JOIN cared ON cared.place = 1 + n %% %(cared)s;
INSERT INTO watches_watch (id, municipality_id, compartment, type, object_type, object_id, role, opened_at, shown_from,
        due_at, level, closed_why, person_id, unit_id)
    SELECT watch_id, 1, 1, type, 'bench', watch_id, 'case_worker', now() - interval '20 days',
           now() - interval '20 days', due_at, 0, '', person_id, {_UNIT} FROM watched;
INSERT INTO watches_watchdesk (id, municipality_id, compartment, rung, role, since, recorded, type, calm, due_at,
        unit_id, watch_id)
    SELECT gen_random_uuid(), 1, 1, 0, 'case_worker', now() - interval '20 days', true, type,
           type <> 'orders.unconfirmed', due_at, {_UNIT}, watch_id FROM watched
    UNION ALL
    SELECT gen_random_uuid(), 1, 1, 1, 'unit_manager', due_at + interval '1 day', false, type,
           type <> 'orders.unconfirmed', due_at, {_UNIT}, watch_id FROM watched
""",
}

CLOCKS = (
    """
CREATE TEMP TABLE opened ON COMMIT DROP AS
    SELECT n, gen_random_uuid() AS person_id, gen_random_uuid() AS case_id FROM generate_series(1, %(cases)s) n;
INSERT INTO people_person (id, municipality_id, given_names, called_name, family_name, birth_date, sex, language,
        interpreter, protection, street, postcode, city, home_municipality)
    SELECT person_id, 1, 'Anna', 'Anna', 'Berg ' || n, date '1940-01-01' + (n %% 20000)::int, 'female', '', false,
           'none', 'Storgatan 1', '99101', 'Mätby', '9999' FROM opened
""",
    f"""
INSERT INTO cases_case (id, municipality_id, compartment, number, process_code, process_version, state, state_since,
        received_on, received_how, back_dated, registered_on, next_due, person_id, responsible_id, unit_id)
    SELECT case_id, 1, 1, '2026-' || lpad(n::text, 6, '0'), 'home_care', '2025-07-01', 'investigating', now(),
           current_date - 60, 'e_service', false, current_date - 60, current_date + 30, person_id,
           CASE WHEN n %% 20 = 0 THEN NULL ELSE 1 END, {_UNIT} FROM opened
""",
    """
INSERT INTO cases_deadline (id, municipality_id, compartment, name, label, law_key, lapses, anchor, anchor_date,
        strict_date, legal_date, escalations, next_escalation, state, stopped_by, case_id)
    SELECT gen_random_uuid(), 1, 1, 'decide_in_time', 'Beslut i tid', '', n %% 100 = 50, 'register', current_date - 60,
           current_date + 30, current_date + 31,
           jsonb_build_array(
               jsonb_build_array(first::text, 'case_worker'),
               jsonb_build_array((first + 1)::text, 'unit_manager'),
               jsonb_build_array((first + 20)::text, 'unit_manager')
           ), first, 'running', '', case_id
    FROM (SELECT *, current_date + CASE WHEN n %% 20 = 10 THEN 0 ELSE 2 END AS first FROM opened) opened
    UNION ALL
    SELECT gen_random_uuid(), 1, 1, 'follow_up', 'Följ upp beslutet', '', false, 'decision', current_date - 60,
           current_date + 120, current_date + 121,
           jsonb_build_array(jsonb_build_array((current_date + 60 + n %% 60)::date::text, 'case_worker')),
           (current_date + 60 + n %% 60)::date, 'running', '', case_id FROM opened
""",
)

AFTER = ("VACUUM ANALYZE", "CHECKPOINT")
