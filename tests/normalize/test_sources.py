"""Files, folders, archives, and buckets give the same objects, and nothing leads out of them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from siemlab.errors import SiemlabError, StoreError
from siemlab.normalize import Document, Tally, normalize, normalize_object
from siemlab.normalize.decompress import Limits
from siemlab.normalize.document import Refused
from siemlab.normalize.sources import LogObject, count_objects, open_sources
from siemlab.normalize.sources.object import climbs

TRAIL = "AWSLogs/111122223333/CloudTrail/us-east-1/2022/11/18/a.json.gz"
GUARD = "AWSLogs/111122223333/GuardDuty/us-east-1/2022/11/18/b.jsonl"
ACCESS = "2022-11-18-07-17-06-E568B2907131C0C0"
NOTE = "note.txt"
RECORD = b'{"Records":[{"eventID":"e1","eventTime":"2022-11-18T07:00:01Z"}]}'
FINDING = b'{"id":"f1","updatedAt":"2022-11-18T07:00:02Z"}\n'
TREE = {TRAIL: gzip.compress(RECORD), GUARD: FINDING, NOTE: b"read me"}


def write(root: Path, files: dict[str, bytes]) -> Path:
    for key, data in files.items():
        (root / key).parent.mkdir(parents=True, exist_ok=True)
        (root / key).write_bytes(data)
    return root


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for key, data in files.items():
            archive.writestr(key, data)
    return path


def make_tar(path: Path, files: dict[str, bytes], pack: Callable[[bytes], bytes] = bytes) -> Path:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for key, data in files.items():
            member = tarfile.TarInfo(key)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    path.write_bytes(pack(made.getvalue()))
    return path


def contents(*paths: Path | str, **options: object) -> dict[str, bytes]:
    """Keys and bytes, each read while it is its turn; refusals raise."""
    found = {}
    for one in open_sources(paths, **options):  # type: ignore[arg-type]
        assert isinstance(one, LogObject), one
        with one.open() as stream:
            found[one.key] = stream.read()
    return found


def outcomes(*paths: Path | str) -> tuple[list[str], dict[str, str]]:
    """Keys of objects, and keys with reasons of refusals."""
    keys, refused = [], {}
    for one in open_sources(paths):
        if isinstance(one, Refused):
            refused[one.error.file] = one.error.en
        else:
            keys.append(one.key)
    return keys, refused


# ---------------------------------------------------------------- the same from everywhere


SOURCES = {
    "folder": lambda tmp: write(tmp / "demo", TREE),
    "zip": lambda tmp: make_zip(tmp / "demo.zip", TREE),
    "tar": lambda tmp: make_tar(tmp / "demo.tar", TREE),
    "tar.gz": lambda tmp: make_tar(tmp / "demo.tar.gz", TREE, gzip.compress),
    "tar.bz2": lambda tmp: make_tar(tmp / "demo.tar.bz2", TREE, bz2.compress),
    "tar.xz": lambda tmp: make_tar(tmp / "demo.txz", TREE, lzma.compress),
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
def test_every_source_gives_the_same_objects(make, tmp_path: Path) -> None:
    source = make(tmp_path)
    assert contents(source) == TREE
    assert {one.bucket for one in open_sources([source])} == {"demo"}  # type: ignore[union-attr]
    assert count_objects([source]) in (len(TREE), None)


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
def test_every_source_gives_the_same_documents(make, tmp_path: Path) -> None:
    tally = Tally()
    ids = {getattr(one, "id", None) for one in normalize([make(tmp_path)], tally=tally)}
    assert ids == {"e1", "f1", None}
    assert str(tally.total) == "read 2: 2 documents, 0 refused, 0 skipped"


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
def test_an_object_can_be_opened_twice_and_after_its_turn(make, tmp_path: Path) -> None:
    found = list(open_sources([make(tmp_path)]))
    for one in [*reversed(found), *found]:
        assert isinstance(one, LogObject)
        with one.open() as stream:
            assert stream.read() == TREE[one.key]


def test_several_sources_come_one_after_another(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"a": b"1"})
    two = make_zip(tmp_path / "two.zip", {"b": b"2"})
    assert contents(one, two) == {"a": b"1", "b": b"2"}
    assert count_objects([one, two]) == 2


# ---------------------------------------------------------------- folders


def test_keys_are_in_the_order_in_which_s3_lists_them(tmp_path: Path) -> None:
    names = ["b/c", "b.txt", "b-/x", "b0", "a", "é", "B/z", "b/a/z", "b/B"]
    write(tmp_path, dict.fromkeys(names, b""))
    assert outcomes(tmp_path)[0] == sorted(names, key=str.encode)


def test_the_folder_may_be_awslogs_itself_or_lie_below_it(tmp_path: Path) -> None:
    root = write(tmp_path / "demo", {TRAIL: TREE[TRAIL]})
    for folder in (root / "AWSLogs", root / "AWSLogs/111122223333/CloudTrail"):
        (found,) = open_sources([folder])
        assert isinstance(found, LogObject)
        assert (found.key, found.bucket) == (TRAIL, "demo")


def test_links_inside_the_tree_count_and_links_out_of_it_do_not(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret": b"secret"})
    root = write(tmp_path / "demo", {"a/file": b"1"})
    (root / "inside").symlink_to(root / "a" / "file")
    (root / "out").symlink_to(outside / "secret")
    (root / "up").symlink_to("../outside/secret")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "broken").symlink_to("nowhere")
    (root / "sister").symlink_to(write(tmp_path / "demo-2", {"x": b"2"}) / "x")
    keys, refused = outcomes(root)
    assert keys == ["a/file", "inside"]
    assert set(refused) == {"out", "up", "folder", "loop", "broken", "sister"}
    assert "leads out" in refused["out"]
    assert "leads out" in refused["sister"]
    assert "a link to a folder" in refused["loop"]


def test_a_link_that_is_named_itself_is_followed(tmp_path: Path) -> None:
    root = write(tmp_path / "demo", TREE)
    (tmp_path / "link").symlink_to(root)
    assert contents(tmp_path / "link") == TREE


def test_pipes_and_names_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (Path(os.fsdecode(bytes(tmp_path) + b"/bad\xff"))).write_bytes(b"")
    keys, refused = outcomes(tmp_path)
    assert keys == []
    assert refused["pipe"] == "this is no regular file"
    assert "no UTF-8" in refused["bad?"]


def test_a_file_that_is_gone_when_its_turn_comes_is_refused(tmp_path: Path) -> None:
    (found,) = open_sources([write(tmp_path, {TRAIL: RECORD})])
    assert isinstance(found, LogObject)
    (tmp_path / TRAIL).unlink()
    (outcome,) = normalize_object(found)
    assert isinstance(outcome, Refused)
    assert "cannot be opened" in outcome.error.en


def test_a_folder_that_cannot_be_read_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = open_sources([write(tmp_path, {"a": b"1", "b/c": b"2", "d": b"3"})])
    assert next(found).key == "a"  # type: ignore[union-attr]
    shutil.rmtree(tmp_path / "b")
    refused, last = found
    assert isinstance(refused, Refused)
    assert (refused.error.file, last.key) == ("b/", "d")  # type: ignore[union-attr]
    assert "cannot be read" in refused.error.en


def test_a_path_that_does_not_exist_is_said_at_once() -> None:
    with pytest.raises(SiemlabError, match="no such file or folder: /no/such"):
        open_sources(["/no/such"])


# ---------------------------------------------------------------- single files


@pytest.mark.parametrize(
    ("path", "key", "bucket"),
    [
        (f"demo/{TRAIL}", TRAIL, "demo"),
        (f"demo/prefix/{TRAIL}", TRAIL, "prefix"),
        ("logs/CloudTrail/x.json", "CloudTrail/x.json", "logs"),
        ("logs/x/GuardDuty/y/z.jsonl", "x/GuardDuty/y/z.jsonl", "logs"),
        ("logs/111122223333_vpcflowlogs_x.log", "111122223333_vpcflowlogs_x.log", "logs"),
        (f"logs/{ACCESS}", ACCESS, "logs"),
        ("logs/unknown.txt", "unknown.txt", "logs"),
    ],
)  # fmt: skip
def test_a_single_file_keeps_as_much_of_its_path_as_its_type_needs(
    path: str, key: str, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {path: b"x"})
    (found,) = open_sources([tmp_path / path])
    assert isinstance(found, LogObject)
    assert (found.key, found.bucket, found.size) == (key, bucket, 1)
    monkeypatch.chdir((tmp_path / path).parent)
    (again,) = open_sources([(tmp_path / path).name])
    assert again == found


def test_a_packed_log_is_an_object_and_no_archive(tmp_path: Path) -> None:
    zipped = make_zip(tmp_path / "x.zip", {"a": RECORD}).read_bytes()
    file = write(tmp_path, {TRAIL: zipped}) / TRAIL
    (found,) = open_sources([file])
    assert isinstance(found, LogObject)
    assert found.key == TRAIL
    tally = Tally()
    assert [type(one).__name__ for one in normalize([file], tally=tally)] == ["Document"]


def test_a_file_that_is_named_like_an_archive_and_is_none_is_an_object(tmp_path: Path) -> None:
    file = write(tmp_path, {"x.tar": b"no tar", "y.tar.gz": gzip.compress(b"no tar")})
    assert outcomes(file / "x.tar", file / "y.tar.gz") == (["x.tar", "y.tar.gz"], {})


# ---------------------------------------------------------------- archives are hostile


CLIMBING = ["../x", "a/../../x", "/etc/x", "..", "a/..", "C:x", "c:\\x", "..\\x", "a\\..\\x", "\\x"]


@pytest.mark.parametrize("name", [*CLIMBING, "a\0b"])
def test_names_that_climb_are_known(name: str) -> None:
    assert climbs(name)


@pytest.mark.parametrize("name", ["a", "a/b", "a..b/c", ".a", "...", "a/.b", "xy:z", TRAIL])
def test_other_names_are_not(name: str) -> None:
    assert not climbs(name)


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
@pytest.mark.parametrize("name", CLIMBING)
def test_a_member_that_climbs_is_refused_and_touches_nothing(make, name, tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    archive = make(folder / "logs.archive", {TRAIL: TREE[TRAIL], name: b"evil", GUARD: FINDING})
    keys, refused = outcomes(archive)
    assert keys == [TRAIL, GUARD]
    assert refused == {name: "the key climbs out of its folder"}
    tally = Tally()
    list(normalize([archive], tally=tally))
    assert str(tally.total) == "read 3: 2 documents, 1 refused, 0 skipped"
    assert sorted(tmp_path.rglob("*")) == [folder, archive]


def test_a_zip_of_windows_may_part_its_names_with_backslashes(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in ((TRAIL, RECORD), ("logs/", b""), ("a/../../x", b"evil"), ("c:/x", b"")):
            member = zipfile.ZipInfo()
            member.filename, member.create_system = name.replace("/", "\\"), 0
            archive.writestr(member, data)
    found = list(open_sources([path]))
    keys = [one.key for one in found if isinstance(one, LogObject)]
    assert keys == [TRAIL]
    assert [one.error.file for one in found if isinstance(one, Refused)] == ["a/../../x", "c:/x"]


def test_a_nul_in_the_name_of_a_zip_member_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "logs.zip", {"a%b": b"evil", "c": b"fine"})
    archive.write_bytes(archive.read_bytes().replace(b"a%b", b"a\0b"))
    assert outcomes(archive) == (["c"], {"a�b": "the key climbs out of its folder"})


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(kind: bytes, tmp_path: Path) -> None:
    made = tmp_path / "logs.tar"
    with tarfile.open(made, "w") as archive:
        member = tarfile.TarInfo("AWSLogs/link")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
        folder = tarfile.TarInfo("AWSLogs/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        archive.addfile(tarfile.TarInfo("./AWSLogs/empty"))
    keys, refused = outcomes(made)
    assert keys == ["AWSLogs/empty"]
    assert "not followed" in refused["AWSLogs/link"]


@pytest.mark.parametrize(
    ("make", "pack"),
    [(make_zip, None), (make_tar, bytes), (make_tar, gzip.compress)],
    ids=["zip", "tar", "tar.gz"],
)
def test_a_cut_archive_gives_what_can_be_read_and_one_refusal(make, pack, tmp_path: Path) -> None:
    files = {f"{number}": os.urandom(20_000) for number in range(5)}
    archive = make(tmp_path / "logs.archive", files, *((pack,) if pack else ()))
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    keys, refused = [], []
    for one in open_sources([archive]):
        if isinstance(one, Refused):
            refused.append(one.error.en)
        else:
            keys.append(one.key)
    assert keys == ([] if make is make_zip else ["0", "1", "2"])
    assert len(refused) == 1
    assert "broken" in refused[0]


def test_a_tar_bomb_and_a_zip_bomb_are_stopped(tmp_path: Path) -> None:
    limits = Limits(ratio=50, free=1 << 16)
    files = {GUARD: b" " * 30_000_000}
    zipped = make_zip(tmp_path / "logs.zip", files)
    tarred = make_tar(tmp_path / "logs.tgz", files, gzip.compress)
    for archive in (zipped, tarred):
        found = next(open_sources([archive], limits=limits))
        assert isinstance(found, LogObject)
        with found.open() as stream, pytest.raises(OSError, match="expands"):
            list(iter(partial(stream.read, 1 << 16), b""))


def test_an_encrypted_member_is_refused_when_it_is_read(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "logs.zip", {TRAIL: RECORD})
    data = bytearray(archive.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    (outcome,) = normalize([archive])
    assert isinstance(outcome, Refused)
    assert "encrypted" in outcome.error.en


def test_a_broken_member_of_a_zip_costs_no_other(tmp_path: Path) -> None:
    findings = b"".join(b'{"id":"%d","updatedAt":"2022-11-18T07:00:02Z"}\n' % n for n in range(99))
    archive = make_zip(tmp_path / "logs.zip", {GUARD: findings, TRAIL: RECORD})
    data = bytearray(archive.read_bytes())
    data[len(GUARD) + 80] ^= 0xFF
    archive.write_bytes(data)
    tally = Tally()
    ids = [getattr(one, "id", "") for one in normalize([archive], tally=tally)]
    assert "e1" in ids
    assert tally.files[GUARD].refused >= 1
    assert tally.files[TRAIL].documents == 1


# ---------------------------------------------------------------- buckets


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 of moto's, on a free port, ended by its own process id."""
    log = tmp_path_factory.mktemp("moto") / "server.log"
    command = [sys.executable, "-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with pytest.MonkeyPatch.context() as patch, log.open("wb") as output:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield address_in(log)
        finally:
            server.terminate()
            server.wait(20)


def address_in(log: Path) -> str:
    for _ in range(300):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text()):
            wait_for(found[0])
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"moto's server did not start: {log.read_text()}")


def wait_for(url: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{url}/moto-api/"):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("moto's server does not answer")


@pytest.fixture
def bucket(s3_url: str) -> Iterator[str]:
    import boto3

    client = boto3.client("s3", endpoint_url=s3_url)
    client.create_bucket(Bucket="demo")
    for key, data in {**TREE, "other/../x": b"", "é +%": b"odd"}.items():
        client.put_object(Bucket="demo", Key=key, Body=data)
    yield s3_url
    for entry in client.list_objects_v2(Bucket="demo")["Contents"]:
        client.delete_object(Bucket="demo", Key=entry["Key"])
    client.delete_bucket(Bucket="demo")
    client.close()


def test_a_bucket_gives_the_objects_below_a_prefix(bucket: str) -> None:
    assert contents("s3://demo/AWSLogs/", endpoint_url=bucket) == {
        key: TREE[key] for key in (TRAIL, GUARD)
    }
    found = list(open_sources(["s3://demo"], endpoint_url=bucket))
    assert [one.key for one in found if isinstance(one, LogObject)] == [TRAIL, GUARD, NOTE, "é +%"]
    assert {one.bucket for one in found if isinstance(one, LogObject)} == {"demo"}
    assert [one.raw for one in found if isinstance(one, Refused)] == ["other/../x"]


def test_documents_are_made_from_a_bucket_by_the_address_in_the_environment(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", bucket)
    tally = Tally()
    list(normalize(["s3://demo/AWSLogs/111122223333/"], tally=tally))
    assert str(tally.total) == "read 2: 2 documents, 0 refused, 0 skipped"


def test_more_objects_than_a_page_are_all_listed(s3_url: str) -> None:
    import boto3

    client = boto3.client("s3", endpoint_url=s3_url)
    client.create_bucket(Bucket="many")
    for number in range(1005):
        client.put_object(Bucket="many", Key=f"{number:05}", Body=b"x")
    client.close()
    keys = [one.key for one in open_sources(["s3://many"], endpoint_url=s3_url)]  # type: ignore[union-attr]
    assert keys == [f"{number:05}" for number in range(1005)]


def test_an_object_that_is_gone_is_refused(bucket: str) -> None:
    import boto3

    client = boto3.client("s3", endpoint_url=bucket)
    found = next(iter(open_sources(["s3://demo/AWSLogs/"], endpoint_url=bucket)))
    assert isinstance(found, LogObject)
    client.delete_object(Bucket="demo", Key=found.key)
    client.close()
    with pytest.raises(OSError, match="NoSuchKey"):
        found.open()


@pytest.mark.parametrize("url", ["s3://no-such-bucket/", "s3://no-such-bucket/AWSLogs/"])
def test_a_bucket_that_cannot_be_listed_says_why(url: str, s3_url: str) -> None:
    with pytest.raises(StoreError, match=r"cannot be listed.*NoSuchBucket"):
        list(open_sources([url], endpoint_url=s3_url))


def test_no_server_says_why(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreError, match="cannot be listed"):
        list(open_sources(["s3://demo"], endpoint_url="http://127.0.0.1:9"))


def test_without_boto3_the_way_to_get_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(StoreError, match="install boto3"):
        list(open_sources(["s3://demo"]))


def test_a_key_that_is_url_encoded_is_known_and_kept_as_it_is(tmp_path: Path) -> None:
    name = GUARD.replace("/", "%2F")
    (outcome,) = normalize([write(tmp_path, {name: FINDING})])
    assert isinstance(outcome, Document)
    assert outcome.source["@log_s3key"] == name
    assert outcome.source["cloud"]["account"] == {"id": "111122223333"}
    assert outcome.source["cloud"]["region"] == "us-east-1"
