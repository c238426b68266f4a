"""The gallery in a real browser: what axe-core does not see, and what people's hands do."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.look import check_axe, check_fits

LAYOUTS = ["officer", "citizen", "provider", "plain"]

CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll(".ds-input")].filter((field) => field.checkVisibility()).map((field) => {
    const [a, b] = [light(rgb(getComputedStyle(field).borderTopColor)), light(ground(field))].sort((x, y) => y - x);
    return [field.id || field.name, Math.round((a + 0.05) / (b + 0.05) * 100) / 100];
  });
}"""


@pytest.fixture(autouse=True)
def places(settings) -> None:
    """A menu, a search field and a palette, as a whole house would have them."""
    menu = [("Att göra", "/ui/gallery", None), ("Bevakningar", "/ui/watches", None)]
    staff = {
        "home": "/ui/gallery",
        "search": "/ui/search",
        "palette": "/ui/palette",
        "help": "/ui/help",
        "menu": menu,
    }
    settings.LIVLINA_UI = dict.fromkeys(LAYOUTS, staff)


@pytest.fixture
def karins(as_actor, karin):
    """Karin's browser."""
    return as_actor(karin)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_component_is_accessible_in_every_layout(as_actor, karin, layout, scheme) -> None:
    page = as_actor(karin, color_scheme=scheme)
    page.goto(f"/ui/gallery?layout={layout}&errors=1")
    for summary in page.locator("summary").all():
        summary.click()
    check_axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("layout", ["officer", "citizen"])
def test_the_border_of_every_field_can_be_seen(as_actor, karin, layout, scheme) -> None:
    page = as_actor(karin, color_scheme=scheme)
    page.goto(f"/ui/gallery?layout={layout}")
    found = page.evaluate(CONTRAST)
    assert len(found) > 8
    assert not [field for field in found if field[1] < 3]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_page_scrolls_sideways_when_magnified_four_times(karins, layout) -> None:
    karins.goto(f"/ui/gallery?layout={layout}&errors=1")
    check_fits(karins, 320)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_what_has_focus_is_never_under_the_person_header(karins, width, height) -> None:
    karins.set_viewport_size({"width": width, "height": height})
    karins.goto("/ui/gallery?errors=1")
    summary = karins.get_by_role("alert", name="Det här behöver rättas")
    expect(summary).to_be_focused()
    clear = """(element) => {
        const head = document.querySelector(".lv-person"), box = element.getBoundingClientRect();
        const hidden = getComputedStyle(head).position === "sticky" ? head.getBoundingClientRect().bottom : 0;
        return box.top >= hidden && box.top < innerHeight;
    }"""
    assert summary.evaluate(clear)
    for link in summary.get_by_role("link").all():
        link.click()
        assert karins.locator(":focus").evaluate(clear), link.inner_text()
    for _ in range(12):
        karins.keyboard.press("Shift+Tab")
        focused = karins.locator(":focus")
        assert focused.evaluate("(element) => !!element.closest('.lv-top, .lv-person')") or focused.evaluate(
            clear
        )


def test_a_refused_form_says_so_first_in_the_title(karins) -> None:
    karins.goto("/ui/gallery?errors=1")
    assert karins.title().startswith("Fel: ")


def test_the_person_header_stays_on_a_large_screen_and_leaves_a_small_one(karins) -> None:
    karins.goto("/ui/gallery")
    header = karins.get_by_role("region", name="Astrid Lindqvist")
    karins.mouse.wheel(0, 1500)
    expect(header).to_be_in_viewport()
    karins.set_viewport_size({"width": 390, "height": 844})
    expect(header).not_to_be_in_viewport()


def test_in_forced_colours_the_current_tab_and_the_warning_still_stand_out(as_actor, karin) -> None:
    page = as_actor(karin, forced_colors="active")
    page.goto("/ui/gallery")
    border = "(element) => getComputedStyle(element).borderBottomWidth"
    tabs = page.get_by_role("navigation", name="Astrid Lindqvist: delar").get_by_role("link")
    assert [tab.evaluate(border) for tab in tabs.all()] == ["4px", "0px", "0px", "0px", "0px"]
    assert page.locator(".lv-protected").evaluate(border) == "3px"
    shapes = "(e) => getComputedStyle(e.querySelector('path')).fill !== getComputedStyle(document.body).backgroundColor"
    assert all(priority.evaluate(shapes) for priority in page.locator(".lv-priority").all())


def test_an_answer_without_a_new_page_carries_the_forgery_key_and_moves_focus(karins) -> None:
    karins.goto("/ui/gallery")
    with karins.expect_request(lambda request: request.method == "POST") as asked:
        karins.get_by_role("button", name="Fråga servern").click()
    assert asked.value.headers["x-csrftoken"]
    assert asked.value.response().status == 422
    expect(karins.get_by_role("alert", name="Det här behöver rättas")).to_be_focused()


def test_nothing_of_the_page_is_left_in_the_browsers_storage(karins) -> None:
    karins.goto("/ui/gallery")
    karins.get_by_role("button", name="Fråga servern").click()
    karins.goto("/ui/gallery?layout=citizen")
    assert karins.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_double_click_sends_once_and_the_button_stays_alive(karins) -> None:
    karins.goto("/ui/gallery")
    sent = []
    karins.route(
        "**/ui/gallery*", lambda route: (sent.append(route.request.method), route.fulfill(status=204))
    )
    button = karins.get_by_role("button", name="Fatta beslut")
    button.dblclick()
    expect(button).to_have_attribute("data-sent", "")
    expect(button).to_be_enabled()
    assert sent == ["POST"]


def test_a_date_is_echoed_while_it_is_written(karins) -> None:
    karins.goto("/ui/gallery")
    karins.get_by_label("Beslutsdatum").press_sequentially("20261125")
    expect(karins.locator("output.lv-echo")).to_have_text("onsdag 25 november 2026")


def write(page, text="Astrid ringde.") -> None:
    page.get_by_label("Vad hände?").press_sequentially(text)


def test_a_draft_is_saved_a_second_after_the_last_key(karins) -> None:
    karins.goto("/ui/gallery")
    answer = json.dumps({"saved": "09:00:02", "version": 2})
    karins.route(
        "**/ui/gallery-draft", lambda route: route.fulfill(body=answer, content_type="application/json")
    )
    with karins.expect_request("**/ui/gallery-draft") as asked:
        write(karins)
    assert "version=1" in asked.value.post_data
    assert "text=Astrid+ringde." in asked.value.post_data
    expect(karins.get_by_text("Utkast sparat 09:00:02")).to_be_visible()
    assert karins.locator("form[data-autosave]").get_attribute("data-version") == "2"


def test_a_draft_that_could_not_be_saved_says_so_and_the_text_stays(karins) -> None:
    karins.goto("/ui/gallery")
    karins.route("**/ui/gallery-draft", lambda route: route.abort())
    write(karins)
    karins.get_by_label("Vad hände?").blur()
    expect(karins.get_by_text("Utkastet är inte sparat. Texten ligger kvar")).to_be_visible()
    expect(karins.get_by_label("Vad hände?")).to_have_value("Astrid ringde.")


def test_two_texts_are_both_shown_and_both_can_be_kept(karins) -> None:
    karins.goto("/ui/gallery")
    theirs = json.dumps({"theirs": "Johans text.", "version": 7})
    karins.route(
        "**/ui/gallery-draft",
        lambda route: route.fulfill(status=409, body=theirs, content_type="application/json"),
    )
    write(karins)
    karins.get_by_label("Vad hände?").blur()
    expect(karins.get_by_text("Johans text.")).to_be_visible()
    expect(karins.get_by_label("Vad hände?")).to_have_value("Astrid ringde.")
    karins.get_by_role("button", name="Lägg den andra under min").click()
    expect(karins.get_by_label("Vad hände?")).to_have_value("Astrid ringde.\n\nJohans text.")


def test_the_palette_finds_and_opens_without_the_mouse(karins) -> None:
    karins.goto("/ui/gallery")
    rows = [
        {"label": "Astrid Lindqvist", "hint": "88 år", "url": "/ui/gallery"},
        {"label": "Astrid Ström", "hint": "71 år", "url": "/ui/gallery?layout=provider"},
    ]
    answer = json.dumps({"results": rows})
    karins.route("**/ui/palette", lambda route: route.fulfill(body=answer, content_type="application/json"))
    karins.keyboard.press("Control+k")
    field = karins.get_by_role("combobox", name="Gå till person, ärende eller åtgärd")
    expect(field).to_be_focused()
    with karins.expect_request("**/ui/palette") as asked:
        field.press_sequentially("19380412")
    assert asked.value.method == "POST"
    assert "19380412" not in asked.value.url
    expect(karins.get_by_role("listbox", name="Träffar").get_by_role("option")).to_have_count(2)
    check_axe(karins)
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "palette-1")
    field.press("Enter")
    karins.wait_for_url("**layout=provider")


def test_single_keys_work_are_off_while_typing_and_can_be_switched_off(karins) -> None:
    karins.goto("/ui/gallery")
    karins.keyboard.press("/")
    search = karins.get_by_role("searchbox", name="Sök person")
    expect(search).to_be_focused()
    search.press_sequentially("a/?")
    expect(search).to_have_value("a/?")
    search.blur()
    karins.keyboard.press("?")
    expect(karins.get_by_role("dialog", name="Tangenter")).to_be_visible()
    check_axe(karins)
    karins.keyboard.press("Escape")
    karins.context.add_cookies([{"name": "livlina_keys", "value": "off", "url": karins.url}])
    karins.reload()
    karins.keyboard.press("/")
    expect(karins.get_by_role("searchbox", name="Sök person")).not_to_be_focused()


def test_the_page_stands_without_script(as_actor, karin) -> None:
    page = as_actor(karin, java_script_enabled=False)
    page.goto("/ui/gallery?errors=1")
    expect(page.get_by_role("alert", name="Det här behöver rättas")).to_be_visible()
    expect(page.get_by_role("button", name="Gå till")).to_be_hidden()
    page.get_by_role("link", name="Välj en utförare.").click()
    assert page.url.endswith("#id_provider")


def test_a_chosen_dark_wins_over_the_machines_light(as_actor, karin) -> None:
    page = as_actor(karin, color_scheme="light")
    page.goto("/ui/gallery")
    page.context.add_cookies([{"name": "livlina_scheme", "value": "dark", "url": page.url}])
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
