"""What the case page puts first: the step that stops the nearest clock, and facts as the process comes to them."""

import re


def titles(page: str) -> list[str]:
    """The headings of the groups of facts."""
    return re.findall(r"<summary><b>([^<]+)</b>", page)


def test_karin_reads_the_application_before_the_investigation(client_of, karin, ready_case):
    page = client_of(karin).get(f"/officer/cases/{ready_case.pk}").content.decode()
    groups = [title for title in titles(page) if title != "Var ärendet är i processen"]
    assert groups[0] == "Från ansökan"
    assert groups.index("Utredning om hemtjänst") > 0
    assert "Dina synpunkter" not in groups


def test_what_leads_on_is_the_first_button(client_of, karin, ready_case):
    page = client_of(karin).get(f"/officer/cases/{ready_case.pk}").content.decode()
    buttons = re.findall(r'<a class="ds-button" data-variant="\w+" href="[^"]*">([^<]+)</a>', page)
    assert buttons[0] == "Fatta beslut"
