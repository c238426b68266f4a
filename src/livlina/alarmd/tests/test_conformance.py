"""What real units write in their alarms, case by case: the number of the case stands in each docstring."""

from __future__ import annotations

import pytest

from livlina.alarmd import codes, scaip
from livlina.alarmd.tests.device import HOME, Receiver, beat, code, message, mrq, told
from livlina.alarmd.wire import Answer, Beat


def test_the_shortest_alarm_is_an_alarm():
    """C1"""
    record, (yes, answer) = Receiver().take(message(b"<mrq><ref>r1</ref><cid>4711</cid><dty>3</dty></mrq>"))
    assert (record.kind, record.unit, record.reference, record.verdict) == ("alarm", "4711", "r1", "ok")
    assert code(yes) == 200
    assert told(answer) == {"ref": "r1", "snu": "0", "mre": "1", "cre": "62", "tnu": "sip:larm@vaxel.example"}


def test_an_alarm_with_every_tag_is_kept_with_all_it_says():
    """C2"""
    said = {
        "ver": "01.00", "sco": "0", "cha": "0", "mty": "ME", "hbo": "1", "dco": "002", "dte": "Halsband", "stt": "Knapp",
        "pri": "1", "lco": "021", "lva": "1", "lte": "Köket", "ico": "001", "ite": "Batteri 80 %", "ame": "0", "mreq": "1",
    }  # fmt: skip
    record, _ = Receiver().take(message(mrq(**said)))
    facts = dict(record.facts)
    assert (record.device, record.verdict) == ("01", "ok")
    assert {tag: facts[tag] for tag in said} == {
        "ver": "01.00", "sco": 0, "cha": 0, "mty": "ME", "hbo": 1, "dco": 2, "dte": "Halsband", "stt": "Knapp", "pri": 1,
        "lco": 21, "lva": "1", "lte": "Köket", "ico": 1, "ite": "Batteri 80 %", "ame": 0, "mreq": 1,
    }  # fmt: skip
    assert (facts["dty"], facts["stc"], facts["crd"]) == (3, 10, ["gsm:+46701740605"])
    assert "flags" not in facts


def test_the_order_of_tags_does_not_matter():
    """C3"""
    one = scaip.parse(b"<mrq><ref>a</ref><cid>1</cid><dty>3</dty><stc>10</stc><mty>ME</mty></mrq>")
    other = scaip.parse(b"<mrq><mty>ME</mty><stc>10</stc><dty>3</dty><cid>1</cid><ref>a</ref></mrq>")
    assert one == other


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf<?xml version="1.0"?><mrq><ref>r1</ref><cid>4711</cid><dty>3</dty></mrq>',
        b"\r\n \r\n<mrq>\r\n\t<ref>\r\n r1 </ref>\n<cid>4711</cid><dty> 3</dty>\n</mrq>\r\n\0",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<!-- a --><mrq ><ref>r1</ref><cid>4711</cid><dty>3</dty></mrq>",
        '<?xml version="1.0" encoding="UTF-16"?><mrq><ref>r1</ref><cid>4711</cid><dty>3</dty></mrq>'.encode(
            "utf-16"
        ),
        b'<s:mrq xmlns:s="urn:x"><s:ref>r1</s:ref><s:cid>4711</s:cid><s:dty>3</s:dty></s:mrq>',
        b"<mrq><ref>r1</ref><cid>4711</cid><dty>3</dty><mty></mty><stc/></mrq>",
    ],
    ids=["byte order mark", "white space", "declaration and comment", "utf-16", "name space", "empty tags"],
)
def test_however_the_xml_is_dressed_it_is_the_same_alarm(body):
    """C4"""
    record, _ = Receiver().take(message(body))
    assert (record.kind, record.unit, record.reference, record.verdict, record.facts["dty"]) == (
        "alarm",
        "4711",
        "r1",
        "ok",
        3,
    )


@pytest.mark.parametrize(("dty", "stc"), [("3", "10"), ("03", "010"), ("0003", "0010"), ("003", "10")])
def test_codes_are_numbers_however_they_are_padded(dty, stc):
    """C5"""
    record, _ = Receiver().take(message(mrq(dty=dty, stc=stc)))
    assert (record.facts["dty"], record.facts["stc"]) == (3, 10)
    assert codes.DEVICE_TYPES[record.facts["dty"]] == "Larmknapp"
    assert codes.STATUSES[record.facts["stc"]] == "Larmknapp tryckt"


@pytest.mark.parametrize("cid", [" 4711", "4711 ", "47 11", "\n4711\t"])
def test_spaces_in_the_units_number_are_not_part_of_it(cid):
    """C6"""
    assert Receiver().keep(message(mrq(cid=cid))).draft.unit == "4711"


def test_an_alarm_without_type_status_and_caller_is_an_alarm():
    """C7"""
    record, _ = Receiver().take(message(mrq(mty=None, stc=None, crd=None, did=None)))
    assert (record.kind, record.verdict, record.device) == ("alarm", "ok", "")


@pytest.mark.parametrize(
    "crd",
    [
        ["gsm:"],
        ["gsm:+"],
        ["no-voice:"],
        ["sip-pp:10.0.0.4"],
        ["sip:4711@enhet.example", "gsm:+46701740605", "tel:"],
    ],
)
def test_every_way_of_saying_how_to_talk_is_kept_as_sent(crd):
    """C8"""
    record, _ = Receiver().take(message(mrq(crd=crd)))
    assert (record.facts["crd"], record.verdict) == (crd, "ok")


@pytest.mark.parametrize("stc", ["0009", "102", "0010"])
def test_a_sign_of_life_stays_one_whatever_status_it_carries(stc):
    """C9"""
    yes, answer, life = Receiver().hear(message(beat(stc=stc)))
    assert code(yes) == 200
    assert told(answer) == {"ref": "h1", "snu": "0", "mre": "0", "cre": "0"}
    assert life == Beat("4711", HOME, True)


def test_a_reset_after_an_alarm_is_another_event_and_closes_nothing():
    """C10"""
    receiver = Receiver()
    alarm, _ = receiver.take(message(mrq()))
    reset, (_, answer) = receiver.take(message(mrq(ref="r2", mty="RE")))
    assert (reset.kind, told(answer)["snu"]) == ("reset", "0")
    assert reset.id != alarm.id


def test_more_about_an_alarm_is_an_update():
    """C11"""
    record, (_, answer) = Receiver().take(message(mrq(mty="IN", ico="005", ite="Puls 110")))
    assert (record.kind, record.facts["ite"], told(answer)["snu"]) == ("update", "Puls 110", "0")


def test_an_alarm_called_off_at_the_unit_is_a_cancel():
    """C12"""
    assert Receiver().take(message(mrq(stc="19")))[0].kind == "cancel"


def test_a_press_while_a_call_is_on_is_told_not_to_call_again():
    """C13"""
    open_alarms: list[str] = []
    busy = Answer(0, media=0, handling=0)

    def answer(record):
        open_alarms.append(record.unit)
        return busy if open_alarms.count(record.unit) > 1 else Answer(0, 1, 62, "sip:larm@vaxel.example")

    receiver = Receiver(answer=answer)
    _, (_, first) = receiver.take(message(mrq()))
    again, (_, second) = receiver.take(message(mrq(ref="r2")))
    assert (told(first)["mre"], told(first)["cre"]) == ("1", "62")
    assert told(second) == {"ref": "r2", "snu": "0", "mre": "0", "cre": "0"}
    assert again.kind == "alarm"


def test_a_tag_nobody_knows_is_kept_and_a_code_nobody_knows_is_an_alarm():
    """C14"""
    record, (_, answer) = Receiver().take(message(mrq(stc="0999", dty="0777", msn="3")))
    assert (record.kind, record.verdict, told(answer)["snu"]) == ("alarm", "ok", "0")
    assert record.facts["other"] == {"msn": ["3"]}


def test_fields_that_are_too_long_are_taken_and_pointed_out():
    """C15"""
    record, (_, answer) = Receiver().take(message(mrq(dte="x" * 60, did="A1B2C3D4E5F6", ref="a-b-c")))
    assert (record.device, record.reference, record.facts["dte"]) == ("A1B2C3D4E5F6", "a-b-c", "x" * 60)
    assert record.facts["flags"] == ["did", "dte", "ref"]
    assert told(answer)["snu"] == "0"


@pytest.mark.parametrize("tag", ["ref", "cid", "dty"])
def test_an_alarm_that_lacks_what_it_must_say_is_told_so_and_still_kept(tag):
    """C16"""
    record, (yes, answer) = Receiver().take(message(mrq(**{tag: None})))
    assert (record.kind, record.verdict, record.unit) == ("alarm", "missing", "4711")
    assert (code(yes), told(answer)["snu"]) == (200, "7")


@pytest.mark.parametrize(
    "body",
    [
        b"<mrq><ref>r1</ref><cid>4711</cid><dty>3</dty>",
        b"<mrq><ref>r1</ref><cid>4711</cid><dty>3</mrq>",
        b"<!DOCTYPE mrq [<!ENTITY a 'a'>]><mrq><ref>r1</ref><cid>4711</cid><dty>3</dty></mrq>",
        b"<mrq><ref>r1</ref><cid>4711</cid><a><b><c>3</c></b></a></mrq>",
        b"<other><ref>r1</ref><cid>4711</cid></other>",
        b"<mrq><ref>r1</ref><cid>4711</cid><dty>&lt;&x;</dty></mrq>",
    ],
    ids=["cut off", "badly nested", "document type", "too deep", "another root", "entity"],
)
def test_what_cannot_be_read_is_told_so_and_put_before_a_human(body):
    """C17"""
    receiver = Receiver()
    kept = receiver.keep(message(body))
    assert (kept.draft.kind, kept.draft.verdict, kept.draft.unit, kept.urgent) == (
        "unreadable",
        "invalid",
        "4711",
        True,
    )
    assert kept.raw.endswith(body)
    yes, answer = receiver.endpoint.kept(kept.token, kept.draft, receiver.now)
    assert (code(yes), told(answer)["ref"], told(answer)["snu"]) == (200, "r1", "2")


def test_what_is_too_long_is_told_so_and_put_before_a_human():
    """C18"""
    record, (yes, answer) = Receiver().take(message(mrq(other="x" * 5000)))
    assert (record.kind, record.verdict, record.unit, record.reference) == (
        "unreadable",
        "too_long",
        "4711",
        "r1",
    )
    assert (code(yes), told(answer)["ref"], told(answer)["snu"]) == (200, "r1", "1")


def test_a_position_comes_with_its_parts():
    """C19"""
    place = {
        "geo": "59.3293,18.0686",
        "tim": "2026-03-02T08:00:00Z",
        "gga": "$GPGGA,080000,5919.8,N,01804.1,E,1,08",
    }
    record, _ = Receiver().take(message(mrq(lge=place)))
    assert record.facts["lge"] == place


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("declared", ["", "<?xml version='1.0' encoding='%s'?>"])
def test_swedish_letters_are_read_in_both_alphabets_declared_or_not(encoding, declared):
    """C20"""
    head = declared % encoding if declared else ""
    body = f"{head}<mrq><ref>r1</ref><cid>4711</cid><dty>3</dty><lte>Åsas rum på övervåningen</lte></mrq>".encode(
        encoding
    )
    record, _ = Receiver().take(message(body))
    assert (record.facts["lte"], record.verdict) == ("Åsas rum på övervåningen", "ok")
