"""A file as a package for the e-archive: every row, every stored document, and a manifest with their checksums.

The package is a zip with `mets.xml` (what is in it, with SHA-256), `rows/<table>.json` and `documents/<id>.<ending>`.
The same rows give the same bytes, so that a package made again can be compared.
"""

import hashlib
import json
import zipfile
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Model

from livlina.across.records.models import RetentionItem
from livlina.across.records.retention.rows import Rows

EPOCH = (1980, 1, 1, 0, 0, 0)
_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif"}


def package(item: RetentionItem, rows: Rows) -> bytes:
    """Return the package of a file on a frozen list. `rows` is what the list names, with its content."""
    files: dict[str, bytes] = {}
    for model, found in sorted(rows.found.items(), key=lambda pair: pair[0]._meta.db_table):
        if not found:
            continue
        told = [_row(found[key], files) for key in sorted(found, key=str)]
        text = json.dumps(told, cls=_Plain, ensure_ascii=False, indent=1, sort_keys=True)
        files[f"rows/{model._meta.db_table}.json"] = text.encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in [("mets.xml", _manifest(item, files)), *sorted(files.items())]:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return made.getvalue()


def _row(row: Model, files: dict[str, bytes]) -> dict[str, Any]:
    """One row as JSON; a stored document is a file of its own, which the row names."""
    told: dict[str, Any] = {}
    for column in row._meta.local_fields:
        value = column.value_from_object(row)
        if (
            isinstance(column, BinaryField)
            and value is not None
            and column.name in ("pdf", "content", "body")
        ):
            ending = _ENDINGS.get(getattr(row, "content_type", "application/pdf"), "bin")
            name = f"documents/{row.pk}.{ending}"
            files[name] = bytes(value)
            told[column.attname] = name
        else:
            told[column.attname] = value
    return told


def _manifest(item: RetentionItem, files: dict[str, bytes]) -> bytes:
    """What is in the package, in the form of METS: enough for an archive to check that all of it arrived whole."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' OBJID={quoteattr(item.akt_hash)} TYPE="personakt" LABEL={quoteattr(item.rule)}>',
        f' <metsHdr CREATEDATE="{item.at.isoformat()}"><agent ROLE="CREATOR" TYPE="OTHER"><name>Livlina</name></agent>'
        "</metsHdr>",
        f" <!-- sista anteckning {item.last_note_on}, upphört {item.ceased_on}, rader {item.rows},"
        f" journalkedja {item.chain_seq} {bytes(item.chain_hash).hex()} -->",
        " <fileSec><fileGrp>",
    ]
    for number, (name, content) in enumerate(sorted(files.items()), start=1):
        lines.append(
            f'  <file ID="f{number}" SIZE="{len(content)}" CHECKSUM="{hashlib.sha256(content).hexdigest()}"'
            f' CHECKSUMTYPE="SHA-256"><FLocat LOCTYPE="URL" xlink:href={quoteattr(name)}/></file>'
        )
    lines += [" </fileGrp></fileSec>", ' <structMap><div LABEL="akt"/></structMap>', "</mets>"]
    return "\n".join(lines).encode()


class _Plain(DjangoJSONEncoder):
    """Bytes as hexadecimal, numbers of persons as they stand."""

    def default(self, value: Any) -> Any:
        """Return what JSON has a form for."""
        if isinstance(value, bytes | memoryview):
            return bytes(value).hex()
        try:
            return super().default(value)
        except TypeError:
            return str(value)
