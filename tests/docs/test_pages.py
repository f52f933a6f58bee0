"""The documentation says what the code does."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from models import codec
from models.events import Acknowledgement, Alert, DeadLetter, Event, Output
from vigil.docs.example import lines, outputs
from vigil.docs.pages import PAGES, PlaceMissing, write
from vigil.docs.records import INPUTS, OUTPUTS, schema, undescribed

ROOT = Path(__file__).parents[2]
WRITTEN = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    written = json.loads((ROOT / "docs/events.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(written)
    return jsonschema.Draft202012Validator(written, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_code_says(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")

    assert written == PAGES[name](ROOT), "write it anew: python -m vigil.docs"


def test_every_field_is_described_and_no_word_is_idle() -> None:
    assert undescribed(ROOT) == []


def test_what_people_wrote_survives_and_what_is_generated_is_replaced(tmp_path: Path) -> None:
    for folder in ("docs", "deploy/delivery"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in PAGES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    before = {name: (tmp_path / name).read_text() for name in PAGES}
    place = tmp_path / "docs/operations.md"
    place.write_text(before["docs/operations.md"].replace("| `live` |", "| `nonsense` |"))

    changed = write(tmp_path)

    assert changed == ["docs/operations.md"]
    assert {name: (tmp_path / name).read_text() for name in PAGES} == before


def test_a_page_that_lost_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Vigil\n")

    with pytest.raises(PlaceMissing, match="commands"):
        PAGES["README.md"](tmp_path)


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_there_is_an_example_of_every_record() -> None:
    went_in = {json.loads(line)["type"] for line in lines(ROOT)}
    came_out = {type(output) for output in outputs(ROOT)}

    assert went_in == {record.__name__ for record in INPUTS}
    assert came_out == set(OUTPUTS)


def test_the_examples_that_go_in_are_of_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    for line in lines(ROOT):
        record = json.loads(line)
        if record.get("patient_id") or codec.is_for_all(record["type"], None):
            validator.validate(record)
            assert plain(codec.decode(codec.encode(codec.decode(line)))) == plain(codec.decode(line))
        else:
            assert not validator.is_valid(record)


def test_what_comes_out_is_of_the_schema_and_can_be_read_back(validator: jsonschema.Draft202012Validator) -> None:
    for output in outputs(ROOT):
        value = codec.encode(output)

        validator.validate(json.loads(value))
        assert msgspec.json.decode(value, type=Output) == output


def test_the_examples_on_the_page_are_of_the_schema(validator: jsonschema.Draft202012Validator) -> None:
    shown = blocks("docs/events.md", "json")

    for block in shown:
        validator.validate(json.loads(block))
    assert {json.loads(block)["type"] for block in shown} == {record.__name__ for record in (*INPUTS, *OUTPUTS)}


def test_the_example_is_a_whole_story() -> None:
    alerts = [output for output in outputs(ROOT) if isinstance(output, Alert) and output.kind == "news2"]
    answers = [event for event in map(decoded, lines(ROOT)) if isinstance(event, Acknowledgement)]

    assert [alert.state for alert in alerts if alert.alert_id == answers[0].alert_id][:2] == ["pending", "active"]
    assert "acknowledged" in {alert.state for alert in alerts}
    assert alerts[-1].state == "closed"
    assert [output.reason for output in outputs(ROOT) if isinstance(output, DeadLetter)] == ["missing-patient"]


@pytest.mark.parametrize("spoiled", [{"effective_at": 5}, {"measurements": None}, {"device_id": ""}, {"v": "one"}])
def test_the_schema_refuses_what_the_codec_refuses(
    spoiled: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    reading = next(json.loads(line) for line in lines(ROOT) if b'"Reading"' in line)
    validator.validate(reading)

    broken = {**reading, **spoiled}

    assert not validator.is_valid(broken)
    with pytest.raises(codec.Undecodable):
        codec.decode(json.dumps(broken).encode())


def test_the_schema_knows_no_other_records() -> None:
    assert len(schema(ROOT)["oneOf"]) == len(INPUTS) + len(OUTPUTS)


# --- What people wrote ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [page for page in WRITTEN if page.name != "events.md"], ids=lambda page: page.name)
def test_a_line_has_one_sentence(page: Path) -> None:
    for line in prose(page.read_text(encoding="utf-8")):
        assert not re.search(r"[a-z`)][.!?] +[A-Z]", line), line


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_nothing_of_this_machine_is_told(page: Path) -> None:
    assert not re.search(r"/(work|home|root|tmp|Users)/", page.read_text(encoding="utf-8"))


def test_every_sentinel_is_told() -> None:
    from models.quality import _SENTINELS

    told = (ROOT / "docs/clinical.md").read_text(encoding="utf-8")

    assert all(f"{sentinel:.10g}" in told for sentinel in _SENTINELS)


# --- Reading pages ----------------------------------------------------------------------------------------------------


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def prose(text: str) -> list[str]:
    """Lines that people wrote: no code, no tables, nothing generated."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!-- ([a-z-]+) -->.*?<!-- /\1 -->", "", text, flags=re.DOTALL)
    return [line for line in text.splitlines() if not line.startswith("|")]


def decoded(line: bytes) -> Event | None:
    try:
        return codec.decode(line)
    except codec.Undecodable:
        return None


def plain(record: Event) -> Any:
    return msgspec.to_builtins(record)
