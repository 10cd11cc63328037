"""Files that are wrong are refused, and the error names file and key in both languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from siemlab import baseline as room
from siemlab.baseline import BaselineFileError, load_baseline
from siemlab.baseline.loading import FILES, read_baseline

FOLDER = Path(room.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(FOLDER / f"{name}.yaml", tmp_path)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_folder_is_the_company(folder: Path) -> None:
    found, own = read_baseline(folder), load_baseline()
    assert found.hosts == own.hosts
    assert found.ranges == own.ranges
    assert found.roles == own.roles


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("company", "  staff: 140", "  staff: many", "company.yaml, company.staff"),
        ("company", "  staff: 140\n", "", "company.yaml, company.staff"),
        ("company", "  staff: 140", "  staff: true", "company.yaml, company.staff"),
        ("company", '"444455556666"', "444455556666", "company.yaml, accounts.sz-prod.id"),
        ("company", "data_events: true", "data_event: true", "sz-prod-customer-docs.data_event"),
        ("company", "versioning: enabled", "versioning: maybe", "customer-docs.versioning"),
        ("company", "account: sz-prod\n", "account: sz-pord\n", "customer-docs.account"),
        ("company", "role: sz-lambda-booking-role", "role: nobody", "booking-notify.role"),
        ("company", "regions:\n", "region:\n", "company.yaml, regions"),
        ("network", "subnet: sz-prod-app-1a", "subnet: sz-prod-app", "sz-prod-ops-01.subnet"),
        ("network", "10.20.10.5\n", "10.20.11.5\n", "sz-prod-ops-01.private_ip"),
        ("network", "203.0.113.129", "198.18.0.1", "sz-prod-bastion-01.public_ip"),
        ("network", "vpc: sz-prod\n", "vpc: sz-production\n", "sz-prod-bastion-01.vpc"),
        ("network", "2021-10-20T02:10:00Z", "2021-10-20 02:10:00", "bastion-01.since"),
        ("network", "[sz-prod-web-sg]", "[sz-web-sg]", "sz-prod-web-01.security_groups"),
        ("network", "low: 22,", "low: ssh,", "sz-prod-bastion-sg.rules[0].low"),
        ("network", "targets: [", "targets: [sz-prod-web-03, ", "sz-prod-alb.targets"),
        ("people", "browser: chrome-mac", "browser: netscape", "people.akiyama.browser"),
        ("people", "rota: oncall", "rota: never", "people.akiyama.rota"),
        ("people", "hosts: [sz-prod-bastion-01]", "hosts: [sz-bastion]", "bastion-01.role"),
        ("people", "kind: instance", "kind: host", "people.yaml, roles[0].kind"),
        ("ranges", "asn: 64496, place: tokyo", "asn: 1, place: tokyo", "ranges.yaml, ranges[0]"),
        ("ranges", "place: osaka", "place: kobe", "ranges.yaml, ranges[1]"),
        ("ranges", "latitude: 35.6893", "latitude: north", "places.tokyo.latitude"),
        ("calendar", "holidays:", "vacations:", "calendar.yaml, holidays"),
        ("calendar", "start: 2022-01-05T05:00:00Z", "start: 2022-01-05", "calendar[0].start"),
        ("browsers", "day: 2021-11-15", "day: 15 November", "releases[0].day"),
        ("logging", "name: sz-prod-customer-docs}", "name: sz-prod-docs}", "logging[4].name"),
        ("logging", "vpc: sz-prod,", "vpc: sz-prd,", "flow_logs.sz-prod-flow.vpc"),
        ("logging", "trails:", "more: {}\n\ntrails:", "logging.yaml, more"),
    ],
    ids=lambda text: re.sub(r"\s+", " ", text)[:40],
)
def test_a_wrong_value_is_named_by_file_and_key(
    folder: Path, file: str, old: str, new: str, place: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(BaselineFileError) as caught:
        read_baseline(folder)
    assert place in caught.value.place
    assert caught.value.place.startswith((f"{file}.yaml", "network.yaml", "people.yaml"))
    for lang in ("en", "ja"):
        assert caught.value.message(lang).startswith(caught.value.place)
    assert caught.value.en != caught.value.ja


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").unlink()
    with pytest.raises(BaselineFileError, match=f"{name}.yaml"):
        read_baseline(folder)


@pytest.mark.parametrize("content", [b"a: [", b"- a list", b"\xff\xfe", b""], ids=repr)
def test_a_file_that_is_no_mapping_is_refused(folder: Path, content: bytes) -> None:
    (folder / "logging.yaml").write_bytes(content)
    with pytest.raises(BaselineFileError, match=r"^logging\.yaml: "):
        read_baseline(folder)
