"""What is written lies where AWS would put it, and is read back as the same records."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.logs import KEY_ORDER, LOG_TYPES, LogType, recognize
from siemlab.logs.model import NO_ENVELOPE, Envelope, Record
from siemlab.logs.vpcflowlogs import FIELDS, writer_of
from siemlab.logs.writing import Delivery, Lines, Stream, Writer, render, store_object
from siemlab.normalize import Document, normalize
from siemlab.normalize.framing import read_records
from siemlab.normalize.sources import LogObject, open_sources
from tests.normalize.conftest import GOLDEN, Case

BY_NAME = {log_type.name: log_type for log_type in LOG_TYPES}
FIREHOSE = r"/\d{4}/\d\d/\d\d/\d\d/to-s3-1-(?P<at>[\d-]{19})-[0-9a-f-]{36}"
DAY = r"/\d{4}/\d\d/\d\d"
AT = r"(?P<at>\d{8}T\d{4}Z)"
AT_SECOND = r"(?P<at>\d{8}T\d{6}Z)"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
A, R = r"(?P<a>\d{12})", "(?P<r>[a-z0-9-]+)"
ACCOUNT = f"AWSLogs/{A}"
# Per type: name and part of a stream, and the whole key, the time's form in it.
LAYOUTS: dict[str, tuple[str, str, str, str]] = {
    "cloudtrail": (
        "",
        "",
        rf"{ACCOUNT}/CloudTrail/{R}{DAY}/(?P=a)_CloudTrail_(?P=r)_{AT}_[0-9A-Za-z]{{16}}\.json\.gz",
        "%Y%m%dT%H%MZ",
    ),
    "vpcflowlogs": (
        "",
        "fl-0123456789abcdef0",
        rf"{ACCOUNT}/vpcflowlogs/{R}{DAY}/(?P=a)_vpcflowlogs_(?P=r)_fl-0123456789abcdef0_{AT}"
        r"_[0-9a-f]{8}\.log\.gz",
        "%Y%m%dT%H%MZ",
    ),
    "alb": (
        "app/sz-prod-alb/50dc6c495c0c9188",
        "10.20.0.77",
        rf"{ACCOUNT}/elasticloadbalancing/{R}{DAY}/(?P=a)_elasticloadbalancing_(?P=r)"
        rf"_app\.sz-prod-alb\.50dc6c495c0c9188_{AT}_10\.20\.0\.77_[0-9a-z]{{8}}\.log\.gz",
        "%Y%m%dT%H%MZ",
    ),
    "guardduty": ("", "", rf"{ACCOUNT}/GuardDuty/{R}{DAY}/{UUID}\.jsonl\.gz", ""),
    "securityhub": ("to-s3", "", rf"{ACCOUNT}/SecurityHub/{R}{FIREHOSE}\.gz", "%Y-%m-%d-%H-%M-%S"),
    "s3accesslog": (
        "sz-prod-customer-docs",
        "",
        rf"{ACCOUNT}/s3accesslog/{R}/sz-prod-customer-docs/(?P<at>[\d-]{{19}})-[0-9A-Z]{{16}}",
        "%Y-%m-%d-%H-%M-%S",
    ),
    "config-history": (
        "AWS::EC2::SecurityGroup",
        "",
        rf"{ACCOUNT}/Config/{R}/\d{{4}}/[1-9]\d?/[1-9]\d?/ConfigHistory/(?P=a)_Config_(?P=r)"
        rf"_ConfigHistory_AWS::EC2::SecurityGroup_\d{{8}}T\d{{6}}Z_{AT_SECOND}_1\.json\.gz",
        "%Y%m%dT%H%M%SZ",
    ),
    "config-snapshot": (
        "",
        "",
        rf"{ACCOUNT}/Config/{R}/\d{{4}}/[1-9]\d?/[1-9]\d?/ConfigSnapshot/(?P=a)_Config_(?P=r)"
        rf"_ConfigSnapshot_{AT_SECOND}_{UUID}\.json\.gz",
        "%Y%m%dT%H%M%SZ",
    ),
    "config-rules": (
        "to-s3",
        "",
        rf"{ACCOUNT}/Config/Rules/{R}{FIREHOSE}\.gz",
        "%Y-%m-%d-%H-%M-%S",
    ),
    "waf": (
        "sz-prod-webacl",
        "",
        rf"{ACCOUNT}/WAFLogs/{R}/sz-prod-webacl/\d{{4}}/\d\d/\d\d/\d\d/\d\d/(?P=a)_waflogs_(?P=r)"
        rf"_sz-prod-webacl_{AT}_[0-9a-f]{{8}}\.log\.gz",
        "%Y%m%dT%H%MZ",
    ),
    "route53resolver": (
        "vpc-0123456789abcdef0",
        "",
        rf"{ACCOUNT}/vpcdnsquerylogs/(?P<r>vpc-0123456789abcdef0){DAY}/(?P=r)_vpcdnsquerylogs"
        rf"_(?P=a)_{AT}_[0-9a-f]{{8}}\.log\.gz",
        "%Y%m%dT%H%MZ",
    ),
    "linux-secure": (
        "to-s3",
        "",
        rf"{ACCOUNT}/EC2/Linux/Secure/{R}{FIREHOSE}",
        "%Y-%m-%d-%H-%M-%S",
    ),
}
REGIONS = ("ap-northeast-1", "ap-northeast-3", "us-east-1", "us-west-2", "eu-central-1")
ACCOUNTS = ("111122223333", "444455556666", "777788889999", "123456789012", "000000000001")
FIRST = datetime(2021, 12, 31, 15, tzinfo=UTC)

types = pytest.mark.parametrize("log_type", LOG_TYPES, ids=lambda kind: kind.name)


def stream_of(log_type: LogType, account: str = ACCOUNTS[0], region: str = REGIONS[0]) -> Stream:
    name, part, *_ = LAYOUTS[log_type.name]
    return Stream(log_type.name, account, region, name, part)


def delivery_of(log_type: LogType, draws: random.Random | None = None) -> Delivery:
    draws = draws or random.Random(1)
    stream = stream_of(log_type, draws.choice(ACCOUNTS), draws.choice(REGIONS))
    time = FIRST + timedelta(seconds=draws.randrange(396 * 86400))
    return Delivery(stream, time, f"{draws.getrandbits(128):032x}")


# ---------------------------------------------------------------- keys


@types
def test_thousands_of_keys_are_laid_out_as_the_service_does_and_taken_by_no_other_type(
    log_type: LogType,
) -> None:
    draws = random.Random(log_type.name)
    *_, layout, form = LAYOUTS[log_type.name]
    whole = re.compile(layout)
    earlier = KEY_ORDER[: KEY_ORDER.index(log_type)]
    keys = set()
    for _ in range(2000):
        delivery = delivery_of(log_type, draws)
        key = log_type.writer.key(delivery)
        found = whole.fullmatch(key)
        assert found, key
        assert log_type.key.search(key)
        assert [kind.name for kind in earlier if kind.key.search(key)] == []
        assert recognize(key) is log_type
        assert found["a"] == delivery.stream.account
        assert not form or found["at"] == f"{delivery.time:{form}}"
        keys.add(key)
    assert len(keys) == 2000


def test_an_organization_stands_before_the_account_of_its_trail() -> None:
    stream = Stream("cloudtrail", ACCOUNTS[0], "us-east-1", part="o-a1b2c3d4e5")
    key = BY_NAME["cloudtrail"].writer.key(Delivery(stream, FIRST, "0f" * 16))
    assert key.startswith("AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/us-east-1/2021/12/31/")
    assert recognize(key) is BY_NAME["cloudtrail"]


def test_config_names_the_time_of_the_first_change_where_it_is_told() -> None:
    history = BY_NAME["config-history"]
    told = Delivery(stream_of(history), FIRST, "0f" * 16, begin=FIRST - timedelta(minutes=7))
    assert "_20211231T145300Z_20211231T150000Z_1" in history.writer.key(told)
    untold = Delivery(stream_of(history), FIRST, "0f" * 16)
    assert "_20211231T090000Z_20211231T150000Z_1" in history.writer.key(untold)


# ---------------------------------------------------------------- records, there and back


def stored(root: Path, log_type: LogType, rows: Any, delivery: Delivery) -> str:
    key = log_type.writer.key(delivery)
    content = render(log_type, rows, 0, len(rows), delivery)
    store_object(root, key, content, log_type.writer.compressed)
    return key


def read(root: Path) -> list[Any]:
    """All records below a folder, by the type that the key of their object says."""
    outcomes: list[Any] = []
    for found in open_sources([root]):
        assert isinstance(found, LogObject)
        kind = recognize(found.key)
        assert isinstance(kind, LogType)
        outcomes += read_records(found, kind)
    return outcomes


def raws(outcomes: Iterable[Any]) -> list[dict[str, Any]]:
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Record)]
    assert refused == []
    return [record.raw for record in outcomes]


def golden_records(case: Case) -> list[Record]:
    log_type = recognize(case.key)
    if not isinstance(log_type, LogType):
        return []
    found = LogObject(case.key, "logs", lambda: (case.folder / case_file(case)).open("rb"))
    return [one for one in read_records(found, log_type) if isinstance(one, Record)]


def case_file(case: Case) -> str:
    return next(case.folder.glob("raw*")).name


WITH_RECORDS = [case for case in GOLDEN if golden_records(case)]


def test_golden_records_of_every_type_are_written() -> None:
    assert {case.folder.parent.name for case in WITH_RECORDS} == {*BY_NAME}
    assert len(WITH_RECORDS) >= 65


def writer_for(log_type: LogType, records: Sequence[Record]) -> Writer:
    """A flow log of a custom format has a writer of its own; all other types have one."""
    if log_type.name == "vpcflowlogs":
        return writer_of(tuple(records[0].raw))
    return log_type.writer


def as_given(given_: Envelope, found: Envelope) -> Envelope:
    """The parts of an envelope that were given: the writer fills the others."""
    return Envelope(*(new if old else old for old, new in zip(given_, found, strict=True)))


@pytest.mark.parametrize("case", WITH_RECORDS, ids=lambda case: case.name)
def test_golden_records_written_anew_are_read_as_they_were(case: Case, tmp_path: Path) -> None:
    log_type = recognize(case.key)
    assert isinstance(log_type, LogType)
    records = golden_records(case)
    writer = writer_for(log_type, records)
    delivery = delivery_of(log_type)
    head = writer.head if isinstance(writer.head, bytes) else writer.head(delivery)
    encoded = [writer.encode(record.raw, record.envelope) for record in records]
    content = head + Lines(encoded).join(0, len(encoded), writer.between) + writer.tail
    store_object(tmp_path, writer.key(delivery), content, writer.compressed)
    found = read(tmp_path)
    assert raws(found) == [record.raw for record in records]
    if writer.between == b"":  # each record stands in an envelope of its own
        for before, after in zip(records, found, strict=True):
            assert as_given(before.envelope, after.envelope) == before.envelope


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
json_value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=12,
)
# What a document needs, and below a key of its own whatever Hypothesis thinks of.
NEEDED: dict[str, dict[str, Any]] = {
    "cloudtrail": {"eventID": "e1", "eventTime": "2022-11-18T07:00:01Z"},
    "guardduty": {"id": "g1", "updatedAt": "2022-11-18T07:00:01.123Z"},
    "securityhub": {
        **{"Id": "s1", "AwsAccountId": "111122223333", "UpdatedAt": "2022-11-18T07:00:01.123Z"},
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/guardduty",
    },
    "config-history": {"configurationItemCaptureTime": "2022-11-18T07:00:01.123Z"},
    "config-snapshot": {"configurationItemCaptureTime": "2022-11-18T07:00:01.123Z"},
    "config-rules": {
        **{"awsAccountId": "111122223333", "awsRegion": "us-east-1"},
        "notificationCreationTime": "2022-11-18T07:00:01.123Z",
    },
    "waf": {"timestamp": 1668754801123, "webaclId": "arn"},
    "route53resolver": {"query_timestamp": "2022-11-18T07:00:01Z"},
}


@pytest.mark.parametrize("name", NEEDED)
@given(payloads=st.lists(json_value, min_size=1, max_size=4))
def test_json_records_are_read_as_they_were_written(name: str, payloads: list[Any]) -> None:
    log_type = BY_NAME[name]
    records = [{**NEEDED[name], "payload": payload} for payload in payloads]
    with tempfile.TemporaryDirectory() as folder:
        rows = Lines([log_type.writer.encode(record) for record in records])
        stored(Path(folder), log_type, rows, delivery_of(log_type))
        assert raws(read(Path(folder))) == records
        outcomes = list(normalize([folder]))
    assert all(isinstance(outcome, Document) for outcome in outcomes), outcomes
    assert len(outcomes) == len(records)


column = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


@given(data=st.data(), names=st.lists(st.sampled_from(FIELDS), min_size=2, unique=True))
def test_flow_records_of_any_format_are_read_as_they_were_written(
    data: st.DataObject, names: list[str]
) -> None:
    rows = data.draw(
        st.lists(st.lists(column, min_size=len(names), max_size=len(names)), min_size=1, max_size=4)
    )
    records = [dict(zip(names, row, strict=True)) for row in rows]
    header = [name.replace("_", "-") for name in names]
    records = [record for record in records if [*record.values()] != header]
    writer = writer_of(names)
    assert isinstance(writer.head, bytes)
    lines = Lines([writer.encode(record) for record in records])
    delivery = delivery_of(BY_NAME["vpcflowlogs"])
    with tempfile.TemporaryDirectory() as folder:
        content = writer.head + lines.join(0, len(lines), writer.between) + writer.tail
        store_object(Path(folder), writer.key(delivery), content, writer.compressed)
        assert raws(read(Path(folder))) == records


HEADER = " ".join(FIELDS).replace("_", "-")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cloudtrail", r'\{"Records":\[1,2\]\}'),
        ("vpcflowlogs", rf"{HEADER}\n1\n2\n"),
        *[(name, r"1\n2\n") for name in ("alb", "guardduty", "s3accesslog", "waf")],
        ("route53resolver", r"1\n2\n"),
        *[(name, "12") for name in ("securityhub", "config-rules", "linux-secure")],
        *[
            (
                f"config-{name}",
                rf'\{{"fileVersion":"1\.0","configSnapshotId":"{UUID}"'
                r',"configurationItems":\[1,2\]\}',
            )
            for name in ("history", "snapshot")
        ],
    ],
)
def test_records_stand_in_an_object_as_the_service_puts_them(name: str, content: str) -> None:
    log_type = BY_NAME[name]
    rendered = render(log_type, Lines([b"0", b"1", b"2", b"3"]), 1, 3, delivery_of(log_type))
    assert re.fullmatch(content, rendered.decode())


def test_a_change_of_compliance_stands_in_the_event_that_config_sends() -> None:
    change = NEEDED["config-rules"]
    event = json.loads(BY_NAME["config-rules"].writer.encode(change, Envelope("e-1")))
    assert event == {
        "version": "0",
        "id": "e-1",
        "detail-type": "Config Rules Compliance Change",
        "source": "aws.config",
        "account": "111122223333",
        "time": "2022-11-18T07:00:01Z",
        "region": "us-east-1",
        "resources": [],
        "detail": change,
    }


def test_findings_of_one_delivery_stand_one_behind_the_other() -> None:
    hub = BY_NAME["securityhub"]
    finding = NEEDED["securityhub"]
    rows = Lines([hub.writer.encode(finding)] * 2)
    content = render(hub, rows, 0, 2, delivery_of(hub))
    assert b'}{"version":"0"' in content
    assert b'"detail-type":"Security Hub Findings - Imported","source":"aws.securityhub"' in content
    assert b"\n" not in content
    product = finding["ProductArn"]
    assert f'"resources":["{product}/s1"]'.encode() in content
    assert b'"time":"2022-11-18T07:00:01Z","region":"us-east-1"' in content


def test_an_event_keeps_the_envelope_that_is_given() -> None:
    envelope = Envelope("e-1", "123456789012", "us-west-2", "2022-11-18T07:05:00Z")
    written = BY_NAME["securityhub"].writer.encode(NEEDED["securityhub"], envelope)
    for part in ("e-1", "123456789012", "us-west-2", "2022-11-18T07:05:00Z"):
        assert f'"{part}"'.encode() in written
    again = BY_NAME["securityhub"].writer.encode(NEEDED["securityhub"], NO_ENVELOPE)
    assert again == BY_NAME["securityhub"].writer.encode(NEEDED["securityhub"])


def test_a_snapshot_has_the_id_that_its_name_shows() -> None:
    snapshot = BY_NAME["config-snapshot"]
    delivery = delivery_of(snapshot)
    content = render(snapshot, Lines([]), 0, 0, delivery)
    name = re.search(UUID, snapshot.writer.key(delivery))
    assert name
    assert f'"configSnapshotId":"{name[0]}"'.encode() in content


# ---------------------------------------------------------------- objects on disk


def test_a_packed_object_names_no_file_and_no_time(tmp_path: Path) -> None:
    content = b'{"Records":[]}' * 100
    digest = store_object(tmp_path, "a/b/c.json.gz", content, compressed=True)
    packed = (tmp_path / "a/b/c.json.gz").read_bytes()
    assert digest == hashlib.sha256(content).hexdigest()
    assert gzip.decompress(packed) == content
    assert packed[3] == 0  # no flags: no name, no comment
    assert packed[4:8] == bytes(4)  # no time
    store_object(tmp_path, "again.gz", content, compressed=True)
    assert (tmp_path / "again.gz").read_bytes() == packed


def test_an_object_that_is_not_packed_is_stored_as_it_is_and_replaced_whole(tmp_path: Path) -> None:
    store_object(tmp_path, "logs/x", b"first, and longer", compressed=False)
    store_object(tmp_path, "logs/x", b"second", compressed=False)
    assert (tmp_path / "logs/x").read_bytes() == b"second"
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["x"]


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_without_isal_the_content_is_the_same(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['isal'] = None\n"
        "from pathlib import Path\n"
        "from siemlab.logs.writing import store_object\n"
        "print(store_object(Path(sys.argv[1]), 'x.gz', b'abc' * 1000, compressed=True))"
    )
    digest = run(code, str(tmp_path))
    assert digest == store_object(tmp_path, "y.gz", b"abc" * 1000, compressed=True)
    packed = (tmp_path / "x.gz").read_bytes()
    assert gzip.decompress(packed) == b"abc" * 1000
    assert packed[4:8] == bytes(4)


def test_who_only_reads_logs_loads_nothing_that_writing_needs() -> None:
    code = (
        "import sys, siemlab.logs, siemlab.logs.columns, siemlab.logs.subscription\n"
        "print(sorted({'polars', 'numpy', 'isal', 'orjson'} & {*sys.modules}))"
    )
    assert run(code) == "[]"


@types
def test_services_that_do_not_pack_their_objects_name_no_packed_file(log_type: LogType) -> None:
    key = log_type.writer.key(delivery_of(log_type))
    assert not key.endswith(".gz") or log_type.writer.compressed
    assert log_type.writer.rhythm.every % 60 == 0
