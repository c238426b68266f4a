"""The made pages about the processes: every process with its told scenario, and every area's law with what to confirm."""

from livlina.authority.cases import engine
from livlina.config.pages import PAGES


def test_the_catalogue_names_every_process_with_its_steps_forms_deadlines_letters_and_told_scenario() -> None:
    page = PAGES["catalogue.md"]()
    for process in engine.load().all():
        assert f"{process.label} (`{process.code}`, {process.version})" in page
        assert f"processes/{process.folder}/scenario.yaml)" in page
        for thing in (*process.steps, *process.deadlines, *process.letters.values()):
            assert " ".join(thing.label.replace("|", "\\|").split()) in page, (process.folder, thing.name)


def test_the_law_page_has_every_citation_and_length_of_the_house_and_of_each_area() -> None:
    page = PAGES["law.md"]()
    for key in engine.load().laws:
        assert f"`{key}`" in page
    areas = {process.area for process in engine.load().all()}
    for area in areas:
        if (engine.PROCESSES / area / "law.yaml").exists():
            assert f"| {area} |" in page
