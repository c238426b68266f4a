"""The only way by which permanent rows leave the database: `records_destroy`, for one frozen item of one list.

It runs as the owner of the tables, and therefore trusts nobody: that two people are behind the list, that the
archive has acknowledged the package, that the quarantined copy is whole, that nothing was written since, and that
nothing keeps the file, is tried here again, whatever the application says it has tried. Nor does it lean on row-level
security, which an owner may pass over: municipality and branch are tried in words. In the same transaction it writes
the certificate, which nothing else can write.
"""

from typing import ClassVar

from django.db import migrations

DESTROY = r"""
CREATE FUNCTION records_refuse(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'LV101';
END $$;

CREATE FUNCTION records_destroy(wanted uuid, actor bigint, actor_name text, actor_title text, actor_role text,
                                moment timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    item records_retentionitem;
    receipt records_retentionstep;
    copy records_quarantinecopy;
    approver text;
    head journal_chainhead;
    part record;
    condition text;
    gone bigint;
    total bigint := 0;
    certificate uuid := gen_random_uuid();
BEGIN
    SELECT * INTO item FROM records_retentionitem WHERE id = wanted FOR UPDATE;
    IF NOT FOUND OR item.municipality_id::text <> coalesce(current_setting('livlina.municipality', true), '')
        OR NOT item.compartment::text
            = ANY (string_to_array(coalesce(current_setting('livlina.compartments', true), ''), ',')) THEN
        PERFORM records_refuse('not_listed');
    END IF;
    IF item.due_on > moment::date OR item.due_on > current_date THEN PERFORM records_refuse('not_due'); END IF;
    IF EXISTS (SELECT 1 FROM records_retentionstep s WHERE s.item_id = wanted AND s.kind = 'spared') THEN
        PERFORM records_refuse('spared');
    END IF;
    IF EXISTS (SELECT 1 FROM records_keepmark k WHERE k.person_id = item.person_id AND k.ended_on IS NULL) THEN
        PERFORM records_refuse('kept');
    END IF;
    IF NOT '4' = ANY (string_to_array(coalesce(current_setting('livlina.compartments', true), ''), ',')) THEN
        PERFORM records_refuse('cannot_tell');  -- placements lie in that branch: unseen they would not be missed
    END IF;
    IF EXISTS (SELECT 1 FROM placements_placement p WHERE p.person_id = item.person_id) THEN
        PERFORM records_refuse('kept');
    END IF;
    SELECT a.by_name INTO approver FROM records_retentionapproval a
        WHERE a.run_id = item.run_id AND a.by_user_id <> item.by_user_id AND a.at >= item.at ORDER BY a.at LIMIT 1;
    IF NOT FOUND THEN PERFORM records_refuse('one_person'); END IF;
    SELECT * INTO receipt FROM records_retentionstep s WHERE s.item_id = wanted AND s.kind = 'receipted';
    IF NOT FOUND OR NOT EXISTS (SELECT 1 FROM records_retentionstep s WHERE s.item_id = wanted
            AND s.kind = 'exported' AND s.sha256 = receipt.sha256) THEN
        PERFORM records_refuse('no_receipt');
    END IF;
    SELECT * INTO copy FROM records_quarantinecopy q
        WHERE q.akt_hash = item.akt_hash AND q.package_sha256 = receipt.sha256 AND q.until > moment::date;
    IF NOT FOUND OR encode(sha256(copy.sealed), 'hex') <> copy.sealed_sha256 THEN
        PERFORM records_refuse('no_quarantine');
    END IF;
    SELECT * INTO head FROM journal_chainhead h
        WHERE h.person_id = item.person_id AND h.compartment = item.compartment FOR UPDATE;
    IF coalesce(head.seq, 0) <> item.chain_seq OR coalesce(head.hash, '') <> item.chain_hash THEN
        PERFORM records_refuse('written_since');
    END IF;

    PERFORM set_config('livlina.destroying', wanted::text, true);
    FOR part IN SELECT key AS name, ARRAY(SELECT jsonb_array_elements_text(value)::uuid) AS ids
            FROM jsonb_each(item.frozen) LOOP
        IF part.name !~ '^(journal|watches|cases|contractors|placements|court|aid|offers|assistance|unexecuted)_[a-z_]+$'
            AND part.name !~ '^records_(received|disclosure|handedout)[a-z]*$' OR part.name = 'journal_chainhead' THEN
            PERFORM records_refuse('foreign_table');
        END IF;
        condition := ' AND municipality_id = $4';
        IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = part.name::regclass AND attname = 'compartment') THEN
            condition := condition || ' AND compartment = $2';
        END IF;
        IF part.name IN ('journal_note', 'journal_file', 'cases_case') THEN
            condition := condition || ' AND person_id = $3';
        END IF;
        EXECUTE format('DELETE FROM %I WHERE id = ANY($1)%s', part.name, condition)
            USING part.ids, item.compartment, item.person_id, item.municipality_id;
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone <> cardinality(part.ids) THEN PERFORM records_refuse('list_differs'); END IF;
        total := total + gone;
    END LOOP;
    IF total <> item.rows THEN PERFORM records_refuse('list_differs'); END IF;
    DELETE FROM journal_chainhead WHERE id = head.id;
    INSERT INTO records_destructioncertificate (id, municipality_id, compartment, at, by_user_id, by_name, by_title,
        by_role, akt_hash, record_class, rule, rows, package_sha256, receipt_number, chain_seq, chain_hash,
        quarantine_until, listed_by, approved_by)
    VALUES (certificate, item.municipality_id, item.compartment, moment, actor, actor_name, actor_title, actor_role,
        item.akt_hash, item.record_class, item.rule, item.rows, receipt.sha256, receipt.receipt_number,
        item.chain_seq, item.chain_hash, copy.until, item.by_name, approver);
    DELETE FROM records_retentionstep WHERE item_id = wanted;
    DELETE FROM records_retentionitem WHERE id = wanted;
    SET CONSTRAINTS ALL IMMEDIATE;  -- whatever still points at something gone is found now, not at the end
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM set_config('livlina.destroying', '', true);
    RETURN certificate;
END $$;

CREATE FUNCTION records_certified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('livlina.destroying', true), '') = ''
        OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'A certificate is written by destruction alone' USING ERRCODE = 'LV102';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER certified BEFORE INSERT ON records_destructioncertificate
    FOR EACH ROW EXECUTE FUNCTION records_certified();
"""

REVERSE = """
DROP TRIGGER certified ON records_destructioncertificate;
DROP FUNCTION records_certified();
DROP FUNCTION records_destroy(uuid, bigint, text, text, text, timestamptz);
DROP FUNCTION records_refuse(text);
"""


class Migration(migrations.Migration):
    """Make the function that destroys, and the guard of its certificates."""

    dependencies: ClassVar = [
        ("records", "0001_initial"),
        ("journal", "0003_branches"),
        ("watches", "0001_initial"),
        ("placements", "0001_initial"),
    ]
    operations: ClassVar = [migrations.RunSQL(DESTROY, REVERSE)]
