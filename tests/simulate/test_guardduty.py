"""GuardDuty's findings: their shape, their delays, and their updates."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siemlab.realism.botocore_models import ServiceModels
from siemlab.realism.findings_oracle import FindingOracle
from siemlab.simulate.affected import Machine, key_of, machine_of
from siemlab.simulate.calendar import MINUTE, SECOND, millis
from siemlab.simulate.guardduty import Finding, finding
from siemlab.simulate.sightings import ApiCall, Connection, Lookup, Probe, Seen
from siemlab.simulate.threats import THREATS
from tests.simulate.findings import (
    HOME,
    HOST,
    PROD,
    START,
    Document,
    documents,
    example,
    stage,
    world,
)

PROBED, BRUTE = "Recon:EC2/PortProbeUnprotectedPort", "UnauthorizedAccess:EC2/SSHBruteForce"
LISTED = "Discovery:IAMUser/AnomalousBehavior"


def told(spec: Finding, team: str = "") -> list[Document]:
    """The exports of a finding."""
    place = stage(team)
    finding(place, spec)
    return documents(place.records, "guardduty")


@pytest.fixture(scope="module", params=["now", "late 2022"])
def oracle(request: pytest.FixtureRequest) -> FindingOracle:
    load = ServiceModels.installed if request.param == "now" else ServiceModels.late_2022
    return FindingOracle(load())


@pytest.mark.parametrize("kind", THREATS)
def test_every_finding_type_has_the_shape_that_the_service_gives_it(
    kind: str, oracle: FindingOracle
) -> None:
    exports = told(example(kind))
    assert exports
    assert [problem for each in exports for problem in oracle.problems("guardduty", each)] == []


@pytest.mark.parametrize("kind", THREATS)
def test_every_finding_type_reads_as_a_sentence_without_holes(kind: str) -> None:
    for export in told(example(kind)):
        words = export["title"] + export["description"]
        assert not re.search(r"[{}]|  | \.| ,|None", words), words


@pytest.mark.parametrize("kind", THREATS)
def test_no_severity_is_above_what_the_siem_has_a_label_for(kind: str) -> None:
    assert {type(export["severity"]) for export in told(example(kind))} == {int}
    assert THREATS[kind].severity in (2, 5, 8)


ERAS = {
    "the anomalies of S3 came in July 2022": ("Exfiltration:S3/AnomalousBehavior", "2022-06-30"),
    "what they replaced went": ("Exfiltration:S3/ObjectRead.Unusual", "2022-07-20"),
}


@pytest.mark.parametrize(("kind", "day"), ERAS.values(), ids=ERAS)
def test_a_finding_type_that_did_not_exist_then_is_refused(kind: str, day: str) -> None:
    seen = Seen(
        millis(f"{day}T03:00:00Z"), ApiCall("GetObject", "s3.amazonaws.com", "198.51.100.5")
    )
    with pytest.raises(ValueError, match="GuardDuty had no"):
        told(Finding(kind, PROD, HOME, (seen,), key=example(LISTED).key))


def test_a_finding_comes_11_to_19_minutes_after_its_first_event() -> None:
    places = [example(LISTED, about=str(number)) for number in range(40)]
    delays = [
        millis(told(spec)[0]["createdAt"]) - millis(told(spec)[0]["service"]["eventFirstSeen"])
        for spec in places
    ]
    assert min(delays) >= 11 * MINUTE
    assert max(delays) < 19 * MINUTE + SECOND
    assert len(set(delays)) > 20


def test_the_time_of_a_finding_can_be_given() -> None:
    created = START + 14 * MINUTE + 20 * SECOND
    first = told(example(LISTED, created=created))[0]
    assert created <= millis(first["createdAt"]) < created + SECOND
    assert first["createdAt"] == first["updatedAt"]


times = st.lists(st.integers(0, 6 * 3600), min_size=1, max_size=60)


@given(seconds=times)
def test_each_update_counts_more_until_all_events_are_told(seconds: list[int]) -> None:
    at = [START + second * SECOND for second in seconds]
    exports = told(_probe(at))
    counts = [export["service"]["count"] for export in exports]
    assert counts == sorted(set(counts))
    assert counts[-1] == len(at)
    assert len({export["id"] for export in exports}) == 1
    for export in exports:
        service = export["service"]
        last = millis(service["eventLastSeen"])
        assert millis(service["eventFirstSeen"]) == min(at) <= last <= millis(export["updatedAt"])
        assert service["count"] == sum(moment <= last for moment in at)


def _probe(at: list[int]) -> Finding:
    return Finding(PROBED, PROD, HOME, (Seen(at, Probe("198.19.4.7", 22)),), machine=_host())


def _host() -> Machine:
    return machine_of(world(), HOST)


def test_updates_come_every_15_minutes() -> None:
    exports = told(_probe([START + minute * MINUTE for minute in range(180)]))
    moments = [millis(export["updatedAt"]) for export in exports]
    assert len(moments) > 10
    assert all(14 * MINUTE <= gap <= 16 * MINUTE for gap in np.diff(moments))


def test_there_is_no_update_after_the_finding_was_archived() -> None:
    spec = _probe([START + minute * MINUTE for minute in range(180)])
    until = START + 60 * MINUTE
    exports = told(Finding(**{**vars(spec), "until": until}))
    assert 2 <= len(exports) <= 4
    assert max(millis(export["updatedAt"]) for export in exports) < until


def test_a_brute_force_finding_names_the_latest_source_only() -> None:
    one = Seen([START + n * MINUTE for n in range(60)], Connection("198.51.100.201", 40000, 22))
    two = Seen(
        [START + n * MINUTE for n in range(60, 120)], Connection("198.51.100.214", 40001, 22)
    )
    exports = told(Finding(BRUTE, PROD, HOME, (one, two), machine=_host()))
    shown = [
        export["service"]["action"]["networkConnectionAction"]["remoteIpDetails"]["ipAddressV4"]
        for export in exports
    ]
    assert shown == sorted(shown)
    assert set(shown) == {"198.51.100.201", "198.51.100.214"}


def test_a_brute_force_finding_says_who_attacks_whom() -> None:
    target = told(example(BRUTE))[0]
    actor = told(example(BRUTE, role="ACTOR", severity=8))[0]
    instance = target["resource"]["instanceDetails"]["instanceId"]
    assert target["title"].startswith("198.51.100.201 is performing")
    assert actor["title"].startswith(f"{instance} is performing")
    assert (target["severity"], actor["severity"]) == (2, 8)
    assert (target["service"]["resourceRole"], actor["service"]["resourceRole"]) == (
        "TARGET",
        "ACTOR",
    )


def test_a_port_probe_tells_of_the_latest_hosts_that_probed() -> None:
    seen = tuple(
        Seen(START + number * SECOND, Probe(f"198.19.44.{number}", 22)) for number in range(1, 9)
    )
    export = told(Finding(PROBED, PROD, HOME, seen, machine=_host()))[-1]
    details = export["service"]["action"]["portProbeAction"]["portProbeDetails"]
    shown = [detail["remoteIpDetails"]["ipAddressV4"] for detail in details]
    assert shown == [f"198.19.44.{number}" for number in (8, 7, 6, 5, 4)]


def test_an_anomaly_names_its_first_api_in_all_documents_and_lists_what_was_seen_so_far() -> None:
    calls = (("CreateUser", ""), ("AttachUserPolicy", ""), ("DeactivateMFADevice", "AccessDenied"))
    seen = tuple(
        Seen(
            START + number * 20 * MINUTE, ApiCall(api, "iam.amazonaws.com", "198.51.100.70", error)
        )
        for number, (api, error) in enumerate(calls)
    )
    kind, key = "Persistence:IAMUser/AnomalousBehavior", example(LISTED).key
    exports = told(Finding(kind, PROD, "us-east-1", seen, key=key, agent="AWS Internal"))
    apis = [export["service"]["action"]["awsApiCallAction"]["api"] for export in exports]
    listed = [
        export["service"]["additionalInfo"]["anomalies"]["anomalousAPIs"] for export in exports
    ]
    assert apis == ["CreateUser"] * 3
    assert listed[0] == "iam.amazonaws.com:[CreateUser:success]"
    assert listed[-1] == (
        "iam.amazonaws.com:[CreateUser:success , AttachUserPolicy:success , "
        "DeactivateMFADevice:AccessDenied]"
    )


def test_eighteen_instances_have_eighteen_findings_whose_counts_grow() -> None:
    place = stage()
    lookups = [START + number * 5 * MINUTE for number in range(30)]
    for number in range(18):
        seen = Seen(lookups, Lookup("asia.pool-hikari.example"))
        spec = Finding(
            "CryptoCurrency:EC2/BitcoinTool.B!DNS",
            PROD,
            HOME,
            (seen,),
            machine=_host(),
            about=f"miner {number}",
        )
        finding(place, spec)
    exports = documents(place.records, "guardduty")
    known = {(export["id"], export["service"]["count"]) for export in exports}
    assert len({export["id"] for export in exports}) == 18
    assert len(known) == len(exports) > 18 * 8


def test_teams_have_other_ids_at_the_same_times() -> None:
    one, other = told(example(PROBED, "t01"), "t01"), told(example(PROBED, "t02"), "t02")
    assert [each["updatedAt"] for each in one] == [each["updatedAt"] for each in other]
    assert one[0]["id"] != other[0]["id"]
    assert one[0]["service"]["detectorId"] != other[0]["service"]["detectorId"]


def test_the_detector_is_one_in_each_account_and_region() -> None:
    here = {
        each["service"]["detectorId"] for kind in (PROBED, BRUTE) for each in told(example(kind))
    }
    there = told(Finding(**{**vars(example(PROBED)), "region": "us-west-2"}))
    assert len(here) == 1
    assert here.isdisjoint({there[0]["service"]["detectorId"]})


def test_the_key_of_a_host_is_that_of_its_session() -> None:
    place = world()
    session = place.session_at(HOST, PROD, START)
    key = key_of(place.host_caller(HOST, session, "aws-cli/2.8.5"))
    assert (key.key, key.kind, key.name) == (session.key, "AssumedRole", "sz-bastion-ec2-role")
    assert key.principal.endswith(f":{place.ids.instance(HOST)}")


@pytest.mark.parametrize("seen", [(), ([],)], ids=["no group", "an empty group"])
def test_a_finding_about_nothing_is_refused(seen: tuple[list[int], ...]) -> None:
    with pytest.raises(ValueError, match=r"nothing was seen|no event"):
        told(Finding(PROBED, PROD, HOME, tuple(Seen(at, Probe("198.19.4.7", 22)) for at in seen)))
