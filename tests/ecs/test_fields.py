"""Every field that learners meet is known, with a meaning in both languages and its true type."""

from __future__ import annotations

import re

import pytest
import yaml

from siemlab import Lab
from siemlab.ecs import FIELDS, field
from siemlab.ecs import known as known_fields
from siemlab.logs import LOG_TYPES

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(store="sample", quiet=True)


@pytest.mark.parametrize("kind", LOG_TYPES, ids=lambda kind: kind.name)
def test_every_field_that_a_log_type_makes_is_known(kind: object) -> None:
    made = {*kind.ecs, *kind.static}
    assert [name for name in made if field(name) is None] == []


def test_every_field_of_the_sample_is_known(lab: Lab) -> None:
    assert [info.name for info in lab.events().fields() if field(info.name) is None] == []


def test_types_are_those_that_the_sample_has(lab: Lab) -> None:
    wrong = [
        (index.name, info.name, info.types, FIELDS[info.name].type)
        for index in lab.indexes()
        for info in lab.events(index.name).fields()
        if info.name in FIELDS and info.types != (FIELDS[info.name].type,)
    ]
    assert wrong == []


def test_a_field_says_what_it_means_in_both_languages() -> None:
    for known in FIELDS.values():
        assert known.en.strip() == known.en != "", known
        assert not JAPANESE.search(known.en), known
        assert JAPANESE.search(known.ja) or known.ja == known.en, known
        assert (known.meaning("en"), known.meaning("ja")) == (known.en, known.ja)


def test_a_family_has_no_type_and_everything_else_has_one() -> None:
    assert [name for name, known in FIELDS.items() if bool(known.type) is name.endswith(".*")] == []


def test_no_field_stands_in_the_file_twice() -> None:
    path = known_fields.files("siemlab.ecs").joinpath("fields.yaml")
    text = path.read_text(encoding="utf-8")
    names = [line.split(": {")[0].strip('"') for line in text.splitlines() if ": {" in line]
    assert sorted(names) == sorted(yaml.safe_load(text))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("source.ip", "source.ip"),
        ("requestParameters.bucketName", "requestParameters.bucketName"),
        ("requestParameters.a.b.c", "requestParameters.*"),
        ("userIdentity.sessionContext.attributes.other", "userIdentity.*"),
        ("user_agent.os.name.text", "user_agent.os.name"),
        ("eventName.keyword", "eventName"),
        ("requestParameters", None),
        ("eventNames", None),
        ("", None),
        ("a..b", None),
    ],
    ids=str,
)
def test_a_field_is_found_by_its_name_or_by_its_family(name: str, found: str | None) -> None:
    known = field(name)
    assert (known.name if known else None) == found
