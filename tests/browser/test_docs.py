"""The pages for newcomers: their pictures are there and small, what they name exists."""

import re

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import CourierSettings, OwnerSettings, PublishedSheetSettings, Settings
from tests.pictures import PICTURES
from tests.picturing import FOLDER, LARGEST

DOCS = FOLDER.parent
PAGES = ["sandbox.md", "first-hour.md"]


def words(page: str) -> str:
    return (DOCS / page).read_text("utf-8")


def test_the_pictures_are_those_that_are_taken_and_all_are_shown() -> None:
    taken = {picture.name for picture in PICTURES}
    assert {path.stem for path in FOLDER.iterdir()} == taken
    assert set(re.findall(r"\]\(screenshots/([\w-]+)\.png\)", words("sandbox.md"))) == taken


@pytest.mark.parametrize("name", [picture.name for picture in PICTURES])
def test_a_picture_is_small(name: str) -> None:
    assert 0 < (FOLDER / f"{name}.png").stat().st_size <= LARGEST


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", words(page))
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_exists(page: str) -> None:
    runner = CliRunner()
    named = set(
        re.findall(
            r"wavepost (sandbox|serve|migrate|doctor|import|plan|roles|audit|escalations)",
            words(page),
        )
    )
    helped = "".join(
        runner.invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output for name in named
    )
    assert named
    options = set(re.findall(r"(?<!-)--[a-z][a-z-]+", words(page)))
    assert {option for option in options if option not in helped} <= {"--data-urlencode"}  # curl's


def test_every_setting_exists() -> None:
    fields = {*Settings.model_fields, *OwnerSettings.model_fields}
    known = {f"WAVEPOST_{name.upper()}" for name in fields}
    for part in (CourierSettings, PublishedSheetSettings):
        known |= {f"{part.model_config['env_prefix']}{name.upper()}" for name in part.model_fields}
    named = {name for page in PAGES for name in re.findall(r"WAVEPOST_[A-Z0-9_]+", words(page))}
    assert named <= known
