"""The officer's list: its filters live in its address, it opens as one wants it, and a colleague's desk can be seen to."""

from datetime import timedelta

from django.urls import reverse

from livlina.authority.cases import queries
from livlina.authority.cases.queries.worklist import Wanted, choices
from livlina.core.models import User
from livlina.registers.watches import substitutes


def listed(page):
    return page.content.decode()


def test_the_list_is_narrowed_by_what_its_address_says(assigned_case, karin, client_of):
    browser, address = client_of(karin), reverse("cases:list")
    here = listed(browser.get(f"{address}?tab=mine&process=home_care&state=assigned"))
    assert assigned_case.number in here
    assert "<b>1</b> ärenden visas" in here
    assert assigned_case.number not in listed(browser.get(f"{address}?tab=mine&process=social_alarm"))
    assert "Inga ärenden passar" in listed(browser.get(f"{address}?tab=mine&state=investigating"))


def test_what_is_late_and_what_is_due_this_week_can_be_asked_for(assigned_case, karin, now):
    due = assigned_case.next_due
    assert due is not None
    for day, wish, found in (
        (due - timedelta(days=8), "week", False),
        (due - timedelta(days=7), "week", True),
        (due, "late", False),
        (due + timedelta(days=1), "late", True),
    ):
        moment = now.replace(year=day.year, month=day.month, day=day.day)
        rows = queries.worklist(karin, moment, wanted=Wanted(tab="mine", due=wish)).rows
        assert [row.case.pk for row in rows] == ([assigned_case.pk] if found else []), (day, wish)


def test_an_address_somebody_has_played_with_is_read_as_no_wish(karin, client_of):
    strange = "?tab=everything&process=%27%3B--&due=never&unit=me&area=..&state=%00&page=-1"
    assert client_of(karin).get(reverse("cases:list") + strange).status_code == 200
    assert Wanted.read({"tab": "x", "process": "y", "due": "z", "unit": "1", "area": "a"}).but() == ""


def test_karin_has_her_list_open_as_she_saved_it_and_johan_has_the_houses(
    assigned_case, karin, johan, client_of
):
    browser, address = client_of(karin), reverse("cases:list")
    saved = browser.post(
        reverse("cases:save_worklist"), {"query": "tab=unit&process=social_alarm&evil=1", "do": "save"}
    )
    assert saved["Location"] == f"{address}?tab=unit&process=social_alarm"
    here = listed(browser.get(address))
    assert 'value="social_alarm" selected' in here
    assert assigned_case.number not in here
    assert assigned_case.number in listed(browser.get(f"{address}?tab=mine"))
    assert 'value="social_alarm" selected' not in listed(client_of(johan).get(address))
    browser.post(reverse("cases:save_worklist"), {"query": "tab=unit", "do": "forget"})
    assert assigned_case.number in listed(browser.get(address))


def test_the_list_costs_four_statements_with_and_without_filters(assigned_case, karin, client_of, statements):
    browser, address = client_of(karin), reverse("cases:list")
    own = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT current_setting", "SELECT set_config")
    for query in ("", "?tab=unit&process=home_care&state=assigned&due=week"):
        browser.get(address + query)
        with statements() as sent:
            assert browser.get(address + query).status_code == 200
        assert len([one for one in sent.captured_queries if not one["sql"].startswith(own)]) == 4


def test_a_filter_offers_only_the_actors_own_branches(karin, fatima):
    assert "home_care" in dict(choices(karin, Wanted())["process"])
    assert "home_care" not in dict(choices(fatima, Wanted())["process"])


def test_johan_sees_and_is_told_of_karins_desk_while_he_stands_in_for_her_and_not_after(
    assigned_case, karin, johan, now, client_of
):
    today = now.date()
    users = {actor: User.objects.get(pk=actor.user_id) for actor in (karin, johan)}
    browser, address = client_of(johan), reverse("cases:list")
    assert "Jag ersätter" not in listed(browser.get(address))
    substitutes.appoint(
        users[karin], users[johan], first=today, last=today + timedelta(days=3), by=karin, now=now
    )
    found = queries.worklist(johan, now, wanted=Wanted(tab="absent"))
    assert [row.case.pk for row in found.rows] == [assigned_case.pk]
    assert found.counts["absent"] == 1
    after = queries.worklist(johan, now + timedelta(days=4), wanted=Wanted(tab="absent"))
    assert after.rows == []
    assert after.counts["absent"] == 0
    assert assigned_case.responsible_id == karin.user_id
