"""“Vad saknas innan jag kan besluta?”, the timeline by kind, what can be registered, and the palette's words."""

import pytest
from django.urls import reverse

from livlina.authority.cases import queries
from livlina.authority.cases.queries.missing import missing

OWN = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT current_setting", "SELECT set_config")


def panel(case, actor, now):
    return missing(queries.case_page(actor, case.pk, now), actor, now)


def row_of(found, step):
    return next(row for row in found.rows if row.step.name == step)


def test_karin_sees_what_the_investigation_and_the_decision_still_lack(assigned_case, karin, now):
    from livlina.authority.cases import actions

    actions.open_investigation(assigned_case, by=karin, now=now)
    found = panel(assigned_case, karin, now)
    assert found.title == "Vad saknas innan jag kan besluta?"
    lacking = {fact.name for fact in row_of(found, "finish_investigation").facts}
    assert {"assessment", "question_at_issue"} <= lacking
    decide = row_of(found, "decide")
    assert not decide.offered
    assert any("inte kommunicerat" in reason for reason in decide.reasons)
    assert decide.due == assigned_case.deadlines.get(name="decide_in_time").strict_date
    assert {row.step.name for row in found.rows}.isdisjoint({"write_off", "suspend"})


def test_when_all_is_there_only_the_decision_itself_is_left(ready_case, karin, now):
    decide = row_of(panel(ready_case, karin, now), "decide")
    assert decide.offered
    assert decide.reasons == []


def test_after_the_decision_it_is_about_the_next_step(partly_granted, karin, now):
    found = panel(partly_granted.case, karin, now)
    assert found.title == "Vad saknas för nästa steg?"


def test_the_panel_costs_one_statement_at_most_and_writes_nothing(
    investigated_case, ready_case, karin, client_of, statements, now
):
    for case in (investigated_case, ready_case):
        page = queries.case_page(karin, case.pk, now)
        with statements() as sent:
            missing(page, karin, now)
        asked = [one["sql"] for one in sent.captured_queries if not one["sql"].startswith(OWN)]
        assert len(asked) <= 1
        assert all(sql.startswith("SELECT") for sql in asked)


def test_the_timeline_can_be_narrowed_to_decisions_or_to_one_person(partly_granted, karin, maria, client_of):
    browser, address = client_of(karin), reverse("cases:timeline", args=[partly_granted.case_id])
    whole = browser.get(address).content.decode()
    assert "Fatta beslut" in whole
    assert "Fördela ärendet" in whole
    decisions = browser.get(address + "?kind=decisions").content.decode()
    assert "Fatta beslut" in decisions
    assert "Fördela ärendet" not in decisions
    marias = browser.get(f"{address}?who={maria.user_id}").content.decode()
    assert "Fördela ärendet" in marias
    assert "Fatta beslut" not in marias
    assert browser.get(address + "?kind=nonsense&who=x%27").status_code == 200


def test_what_can_be_registered_is_grouped_by_area_searched_and_only_of_ones_branches(
    sofia, karin, fatima, bertil, client_of
):
    address = reverse("cases:register", args=[bertil.pk])
    page = client_of(sofia).get(address).content.decode()
    assert '<optgroup label="Äldreomsorg">' in page
    assert '<optgroup label="Barn och unga">' in page
    narrowed = client_of(sofia).get(address + "?q=larm").content.decode()
    assert "Trygghetslarm" in narrowed
    assert "Hemtjänst" not in narrowed
    assert "Barn och unga" not in client_of(karin).get(address).content.decode()


def test_anna_finds_what_she_looks_for_among_forty_things(anna_online, client_of):
    browser, address = client_of(anna_online), reverse("cases_citizen:apply")
    whole = browser.get(address).content.decode()
    assert whole.index("Stöd till dig som är äldre") < whole.index("Pengar att leva av")
    found = browser.get(address + "?q=hemtjänst").content.decode()
    assert "Ansök om hemtjänst" in found
    assert "Ansök om trygghetslarm" not in found
    assert "har de orden" in browser.get(address + "?q=xyzzy").content.decode()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("lämna över", "Skrivbord i enheten"),
        ("vikarie", "Ersättare"),
        ("proc", "Processverkstaden"),
        ("hemtj", "Hemtjänst"),
    ],
)
def test_the_palette_knows_the_new_pages_by_their_words(text, label, maria, client_of):
    found = client_of(maria).post("/officer/palette", {"q": text}).json()["results"]
    assert label in [row["label"] for row in found]


def test_the_palette_offers_nobody_what_they_may_not_open(karin, client_of):
    found = client_of(karin).post("/officer/palette", {"q": "skriv"}).json()["results"]
    assert "Skrivbord i enheten" not in [row["label"] for row in found]
