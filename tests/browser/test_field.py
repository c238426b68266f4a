"""The phone app in a real browser: it opens with no server, locks itself, and keeps what was written."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.look import check_axe, check_fits

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_the_app_opens_with_no_net_once_it_has_been_opened(new_page: Any) -> None:
    page = new_page(**PHONE)
    page.goto("/field/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Välkommen till ditt pass")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    check_axe(page)
    check_fits(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Välkommen till ditt pass")
    expect(page.get_by_role("status").first).to_contain_text("Utan nät")
    page.goto("/field/lathund")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lathund: ditt pass i telefonen")
