"""The pages: what each branch finds on them, and a home from first adult to first month."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.contractors.models import Approval, Basis, Check, Contract, Home, Remuneration
from livlina.core.access import Actor
from livlina.core.calendar import Channel
from livlina.core.ids7 import uuid7
from livlina.core.models import User
from livlina.registers.people.models import Person


def send(browser: Any, address: str, **said: object) -> Any:
    """Post a form as the page does, with a key of its own."""
    return browser.post(address, {"submission_key": str(uuid7()), **said})


def test_a_home_goes_from_extracts_to_its_first_month_by_its_pages(
    sjogrens: Home, tove: Actor, ulf: Actor, client_of: Callable
) -> None:
    hers, his = client_of(tove), client_of(ulf)
    at = f"/officer/contractors/{sjogrens.pk}"
    page = hers.get(at).content.decode()
    assert "Utdrag ur belastningsregistret saknas för Ida Sjögren." in page
    assert "Godkänn</a>" not in page, "Tove does not approve"
    for adult in sjogrens.adults.all():
        assert send(hers, f"{at}/ask/{adult.pk}").status_code == 302
    refused = send(his, f"{at}/approve", **approval())
    assert refused.status_code == 422
    assert "saknas för" in refused.content.decode()
    for check in Check.objects.all():
        assert send(hers, f"{at}/show/{check.pk}", on="2020-01-01").status_code == 422
        assert send(hers, f"{at}/show/{check.pk}", on=f"{check.asked_on}").status_code == 302
    assert send(his, f"{at}/approve", **approval()).status_code == 302
    assert Approval.objects.get().capacity == 2
    written = {"kind": "foster_home", "valid_from": "2026-12-01"}
    assert send(hers, f"{at}/contract", **written).status_code == 302
    contract = Contract.objects.get()
    assert hers.get(f"{at}/sign/{contract.pk}").status_code == 404
    assert send(his, f"{at}/sign/{contract.pk}", **{"on": "2026-11-30"}).status_code == 302
    paid = {"fee": "12000", "expenses": "5000,50", "valid_from": "2026-12-01", "source": "Cirkulär"}
    assert send(hers, f"{at}/remuneration/{contract.pk}", **paid).status_code == 302
    assert send(his, f"{at}/confirm/{Remuneration.objects.get().pk}").status_code == 302
    assert send(hers, f"{at}/month/{contract.pk}", **{"month": "2026-12-31"}).status_code == 302
    assert "17\u00a0000,50" in his.get("/officer/contractors").content.decode()
    assert send(his, f"{at}/pay/{Basis.objects.get().pk}").status_code == 302
    assert "Godkänt av Ulf Sten" in hers.get(at).content.decode()
    assert "2026-12" in his.get("/officer/contractors/pay").content.decode()
    assert "17\u00a0000,50" in his.get("/officer/contractors/pay/2026/12").content.decode()
    told = his.get("/officer/contractors/pay/2026/12/file").content.decode("utf-8-sig").splitlines()
    assert told[1].startswith("2026-12;Ida Sjögren;19800202-")
    assert ";Familjen Sjögren;Familjehem;31;12000,00;5000,50;" in told[1]
    assert his.get("/officer/contractors/pay/2026/13").status_code == 404


def test_only_the_manager_of_the_branch_sees_what_is_paid(
    tove: Actor, gunnar: Actor, ulf: Actor, client_of: Callable
) -> None:
    assert "Inget att betala" in client_of(ulf).get("/officer/contractors/pay").content.decode()
    for stranger in (tove, gunnar):
        for at in ("pay", "pay/2026/2", "pay/2026/2/file"):
            assert client_of(stranger).get(f"/officer/contractors/{at}").status_code == 404


def approval() -> dict[str, object]:
    """What Ulf fills in."""
    return {
        "kinds": ["foster_home"],
        "capacity": "2",
        "age_from": "6",
        "age_to": "12",
        "valid_from": "2026-11-01",
    }


def test_a_childs_worker_finds_room_and_no_more(
    approved_home: Home, fatima: Actor, client_of: Callable
) -> None:
    browser = client_of(fatima)
    page = browser.get("/officer/contractors/free?kind=foster_home&age=8&on=2026-12-01").content.decode()
    assert "Familjen Sjögren" in page
    assert "Ida" not in page
    assert "Sjövägen" not in page
    assert browser.get(f"/officer/contractors/{approved_home.pk}").status_code == 404
    assert "Familjen Sjögren" not in browser.get("/officer/contractors").content.decode()
    assert browser.get("/officer/contractors/free?kind=foster_home&age=x&on=").status_code == 422


@pytest.mark.parametrize("act", ["adult", "approve", "contract", "nothing"])
def test_a_stranger_opens_no_act(act: str, approved_home: Home, mona: Actor, client_of: Callable) -> None:
    assert client_of(mona).get(f"/officer/contractors/{approved_home.pk}/{act}").status_code == 404


def test_a_home_is_registered_from_its_case_once(
    ida: Person, tove: Actor, ulf: Actor, client_of: Callable, now: datetime
) -> None:
    sent = cases.register_application(
        "caregiver_home", ida, {}, found_on=date(2026, 3, 2), how=Channel.PHONE, by=tove, now=now
    )
    case = cases.assign_case(sent.cases.get(), User.objects.get(pk=tove.user_id), by=ulf, now=now)
    browser, at = client_of(tove), f"/officer/contractors/of-case/{case.pk}"
    assert "Ida Sjögren" in browser.get(at).content.decode()
    said = {"name": "Familjen Sjögren", "kinds": ["foster_home"], "place": "Åsvalla"}
    first = send(browser, at, **said)
    assert first.status_code == 302
    assert send(browser, at, **said)["Location"] == first["Location"]
    assert Home.objects.count() == 1
