"""The chain, in the database: every entry gets its place and its hash there, by whatever way it is written.

The encoding is described in `livlina/registers/journal/chain.py`, which computes the same in Python to verify.
All functions run with the rights of whoever calls them, so row-level security holds inside them.
"""

from typing import ClassVar

from django.db import migrations

PACK = """
CREATE FUNCTION journal_pack(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(coalesce(octet_length(part) || ':' || part, '-'), ',' ORDER BY place)
    FROM unnest(parts) WITH ORDINALITY AS given (part, place)
$$;
CREATE FUNCTION journal_moment(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (extract(epoch FROM at) * 1000000)::bigint::text
$$;
CREATE FUNCTION journal_content(n journal_note) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT journal_pack(
        n.file_id::text, n.client_id::text, encode(n.content_hash, 'hex'), n.variant_of_id::text,
        journal_moment(n.event_at), n.event_precision, n.late_reason, n.kind, n.law, n.source_person,
        CASE WHEN cardinality(n.life_areas) = 0 THEN '' ELSE journal_pack(VARIADIC n.life_areas::text[]) END,
        n.text, n.about_type, n.about_id::text, n.cites_author, journal_moment(n.cites_at))
$$;
CREATE FUNCTION journal_content(c journal_correction) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT journal_pack(
        c.note_id::text, c.kind, c.reason, c.replacement_id::text, journal_moment(c.corrected_event_at),
        c.corrected_precision, c.corrected_law, c.sealed::text)
$$;
CREATE FUNCTION journal_content(d journal_dissent) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT journal_pack(d.note_id::text, d.said_by, d.text)
$$;
"""

LOCK = """
CREATE FUNCTION journal_lock(municipality int, person uuid, book smallint) RETURNS journal_chainhead
LANGUAGE plpgsql AS $$
DECLARE head journal_chainhead;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT * INTO head FROM journal_chainhead h
            WHERE h.municipality_id = municipality AND h.person_id = person AND h.compartment = book FOR UPDATE;
        IF FOUND THEN
            RETURN head;
        END IF;
        INSERT INTO journal_chainhead (id, municipality_id, person_id, compartment, seq, hash)
            VALUES (gen_random_uuid(), municipality, person, book, 0, '') ON CONFLICT DO NOTHING;
    END LOOP;
    RAISE EXCEPTION 'The book cannot be opened for writing' USING ERRCODE = 'LV002';
END $$;
"""

CHAIN = """
CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head journal_chainhead;
    belongs boolean;
    content text;
BEGIN
    IF TG_TABLE_NAME = 'journal_note' THEN
        SELECT f.person_id = NEW.person_id AND f.compartment = NEW.compartment INTO belongs
            FROM journal_file f WHERE f.id = NEW.file_id;
    ELSE
        SELECT n.person_id = NEW.person_id AND n.compartment = NEW.compartment INTO belongs
            FROM journal_note n WHERE n.id = NEW.note_id;
    END IF;
    IF belongs IS NOT TRUE THEN
        RAISE EXCEPTION 'An entry belongs to the person and book of what it is written in' USING ERRCODE = 'LV003';
    END IF;
    head := journal_lock(NEW.municipality_id, NEW.person_id, NEW.compartment);
    IF TG_TABLE_NAME = 'journal_note' THEN
        content := journal_content(NEW::journal_note);
    ELSIF TG_TABLE_NAME = 'journal_correction' THEN
        content := journal_content(NEW::journal_correction);
    ELSE
        content := journal_content(NEW::journal_dissent);
    END IF;
    NEW.seq := head.seq + 1;
    NEW.prev_hash := head.hash;
    NEW.salt := gen_random_uuid();
    NEW.digest := sha256(convert_to(journal_pack(NEW.salt::text, content), 'UTF8'));
    NEW.hash := sha256(convert_to(journal_pack(
        'livlina journal 1', TG_TABLE_NAME, NEW.id::text, NEW.municipality_id::text, NEW.person_id::text,
        NEW.compartment::text, NEW.seq::text, NEW.author_id::text, NEW.author_name, NEW.author_title,
        NEW.author_unit, NEW.author_unit_id::text, journal_moment(NEW.authored_at),
        encode(NEW.digest, 'hex'), encode(NEW.prev_hash, 'hex')), 'UTF8'));
    UPDATE journal_chainhead SET seq = NEW.seq, hash = NEW.hash WHERE id = head.id;
    RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON journal_note FOR EACH ROW EXECUTE FUNCTION journal_chain();
CREATE TRIGGER chain BEFORE INSERT ON journal_correction FOR EACH ROW EXECUTE FUNCTION journal_chain();
CREATE TRIGGER chain BEFORE INSERT ON journal_dissent FOR EACH ROW EXECUTE FUNCTION journal_chain();
"""

MARK = """
CREATE FUNCTION journal_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind IN ('wrong_date', 'struck_wrong_text', 'duplicate', 'wrong_person') THEN
        UPDATE journal_note SET
            placed_at = coalesce(NEW.corrected_event_at, placed_at),
            struck_at = CASE WHEN NEW.kind = 'wrong_date' THEN struck_at ELSE coalesce(struck_at, NEW.authored_at) END,
            sealed_at = CASE WHEN NEW.sealed THEN coalesce(sealed_at, NEW.authored_at) ELSE sealed_at END
        WHERE id = NEW.note_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mark AFTER INSERT ON journal_correction FOR EACH ROW EXECUTE FUNCTION journal_mark();
"""

WRITE = """
CREATE FUNCTION journal_write(payload jsonb) RETURNS TABLE (outcome text, note journal_note)
LANGUAGE plpgsql AS $$
DECLARE
    given journal_note := jsonb_populate_record(NULL::journal_note, payload);
    found_note journal_note;
BEGIN
    -- Everyone who writes about this person in this book stands in line here; what the one before wrote is seen.
    PERFORM journal_lock(given.municipality_id, given.person_id, given.compartment);
    SELECT * INTO found_note FROM journal_note n
        WHERE n.municipality_id = given.municipality_id AND n.content_hash = given.content_hash
          AND n.author_id = given.author_id AND n.file_id = given.file_id
          AND (n.client_id = given.client_id OR n.authored_at > given.authored_at - interval '60 seconds')
        ORDER BY n.seq LIMIT 1;
    IF FOUND THEN
        RETURN QUERY SELECT 'same', found_note;
        RETURN;
    END IF;
    SELECT n.id INTO given.variant_of_id FROM journal_note n
        WHERE n.municipality_id = given.municipality_id AND n.author_id = given.author_id
          AND n.client_id = given.client_id AND n.file_id = given.file_id
        ORDER BY n.seq LIMIT 1;
    INSERT INTO journal_note SELECT given.* RETURNING * INTO found_note;
    RETURN QUERY SELECT CASE WHEN given.variant_of_id IS NULL THEN 'new' ELSE 'variant' END, found_note;
END $$;
"""

FUNCTIONS = (
    "journal_write(jsonb)",
    "journal_mark()",
    "journal_chain()",
    "journal_lock(int, uuid, smallint)",
    "journal_content(journal_dissent)",
    "journal_content(journal_correction)",
    "journal_content(journal_note)",
    "journal_moment(timestamptz)",
    "journal_pack(text[])",
)
REVERSE = "".join(f"DROP FUNCTION {name} CASCADE;" for name in FUNCTIONS)


class Migration(migrations.Migration):
    """Make the functions and triggers of the chain."""

    dependencies: ClassVar = [("journal", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(PACK + LOCK + CHAIN + MARK + WRITE, REVERSE)]
