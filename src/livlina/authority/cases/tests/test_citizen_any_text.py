"""Whatever is written on a page of an application: it is kept, and a fault is said in words. Never a broken page."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.authority.cases import engine
from livlina.authority.cases.actions import begin_application
from livlina.authority.cases.tests.test_citizen_apply import anna_browser, at_nine, pages_of, text_of  # noqa: F401

pytestmark = pytest.mark.django_db
CODES = sorted(
    {
        process.code
        for process in engine.load().all()
        if (form := process.forms.get("application")) is not None and form.audience == "citizen"
    }
)
ANYTHING = st.text(max_size=400) | st.sampled_from(
    [
        "",
        "yes",
        "no",
        "other",
        "2026-03-16",
        "31/2",
        "9" * 400,
        "å" * 20_001,
        "\x00",
        "<script>",
        "٣",
        "\u202e",
    ]
)


def kept(text):
    """A text as the house can keep it: no NUL, line ends as one sign."""
    return text.replace("\x00", "").replace("\r\n", "\n")


@pytest.mark.parametrize("code", CODES)
@settings(
    max_examples=4,  # of each of some forty forms, which share their code
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_text_on_any_page_is_kept_and_answered_in_words(anna_browser, anna_online, now, code, data):  # noqa: F811
    draft = begin_application(code, by=anna_online, now=now)
    form = engine.load().process(code, draft.process_version).form("application")
    specs = {item.fact.name: item.fact for item in form.fields()}
    number = data.draw(st.sampled_from(list(pages_of(draft))))
    sent, expected = {}, {}
    for name in pages_of(draft)[number]:
        text = data.draw(ANYTHING)
        if specs[name].type == "period":
            sent |= {f"{name}_begins": text, f"{name}_ends": text}
        else:
            sent[name] = text
        if specs[name].type in ("text", "long_text"):
            expected[name] = kept(text)
    address = reverse("cases_citizen:page", args=[draft.pk, number])
    answered = anna_browser.post(address, sent)
    assert answered.status_code in (302, 422)
    if answered.status_code == 422:
        assert "Det här behöver rättas" in text_of(answered)
    draft.refresh_from_db()
    assert {name: draft.answers[name] for name in expected} == expected
    assert anna_browser.get(address).status_code == 200
    assert anna_browser.get(address + "?check").status_code == 200
    assert anna_browser.get(reverse("cases_citizen:check", args=[draft.pk])).status_code == 200
