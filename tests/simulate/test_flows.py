"""VPC flow records: which interfaces see a conversation, and how they cut and count it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siemlab.baseline import load_baseline
from siemlab.baseline.network import Interface
from siemlab.simulate.calendar import HOUR, MINUTE
from siemlab.simulate.flows import RST, RST_ACK, Flows, flow_log_id, flows, idle
from siemlab.simulate.ids import Ids
from siemlab.simulate.world import Effect, Switch, World
from tests.simulate.recorded import T0, rows_of, staged

WEB, DB, BASTION, ALB = "10.20.10.21", "10.20.20.30", "10.20.0.10", "10.20.0.77"
STRANGER, NAT = "198.51.100.9", "10.20.0.200"


def flowed(at: Any = T0, world: dict[str, Any] | None = None, **what: Any) -> list[dict[str, Any]]:
    stage, records = staged(**(world or {}))
    flows(stage, at, Flows(**what))
    return rows_of(records, "vpcflowlogs")


def sides(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(row["srcaddr"], row["dstaddr"], row["flow_direction"], row["action"]) for row in rows]


def test_a_refused_knock_leaves_one_record_at_the_door() -> None:
    [row] = flowed(source=STRANGER, target="203.0.113.129", target_port=22)
    assert (row["dstaddr"], row["action"], row["flow_direction"]) == (BASTION, "REJECT", "ingress")
    assert (row["tcp_flags"], row["packets"], row["bytes"]) == (2, 1, 60)


def test_two_hosts_of_ours_make_a_record_each_way_at_both_ends() -> None:
    rows = flowed(source=WEB, target=DB, target_port=5432, packets_back=1, size_back=60)
    assert sorted(sides(rows)) == sorted(
        [
            (WEB, DB, "egress", "ACCEPT"),
            (DB, WEB, "ingress", "ACCEPT"),
            (WEB, DB, "ingress", "ACCEPT"),
            (DB, WEB, "egress", "ACCEPT"),
        ]
    )
    assert len({row["interface_id"] for row in rows}) == 2


def test_what_the_database_refuses_the_bastions_own_interface_let_out() -> None:
    rows = flowed(source=BASTION, target=DB, target_port=5432, packets_back=1)
    assert sides(rows) == [(BASTION, DB, "egress", "ACCEPT"), (BASTION, DB, "ingress", "REJECT")]


def test_a_nat_gateway_shows_its_own_address_outside_and_the_hosts_inside() -> None:
    rows = flowed(
        source=WEB,
        target=STRANGER,
        target_port=443,
        packets=4,
        size=400,
        packets_back=3,
        size_back=300,
    )
    gateway = [row for row in rows if NAT in (row["srcaddr"], row["dstaddr"])]
    assert len(rows) == 6
    assert [
        (row["srcaddr"], row["dstaddr"], row["pkt_srcaddr"], row["pkt_dstaddr"]) for row in gateway
    ] == [
        (WEB, NAT, WEB, STRANGER),
        (NAT, STRANGER, NAT, STRANGER),
        (NAT, WEB, STRANGER, WEB),
        (STRANGER, NAT, STRANGER, NAT),
    ]


def test_a_gateway_endpoint_leaves_the_nat_gateway_out() -> None:
    rows = flowed(source=WEB, target="192.0.2.194", target_port=443, endpoint=True, service="S3")
    assert [row["pkt_dst_aws_service"] for row in rows] == ["S3"]


def test_the_door_that_an_incident_opened_lets_strangers_in_while_it_is_open() -> None:
    open_ = Effect("ssh open", "sz-prod-bastion-01", T0, T0 + HOUR)
    at = [T0 - MINUTE, T0 + MINUTE, T0 + HOUR + MINUTE]
    rows = flowed(at, {"effects": (open_,)}, source=STRANGER, target=BASTION, target_port=22)
    assert [row["action"] for row in rows] == ["REJECT", "ACCEPT", "REJECT"]


@pytest.mark.parametrize(
    ("source", "port", "action"),
    [
        pytest.param("203.0.113.10", 22, "ACCEPT", id="the office may use SSH"),
        pytest.param("192.0.2.10", 22, "ACCEPT", id="Mihari may check it"),
        pytest.param("192.0.2.131", 22, "REJECT", id="the research scanner may not"),
        pytest.param("203.0.113.10", 23, "REJECT", id="nobody may use telnet"),
    ],
)
def test_security_groups_decide_who_comes_in(source: str, port: int, action: str) -> None:
    [row] = flowed(source=source, target=BASTION, target_port=port)
    assert row["action"] == action


@settings(deadline=None, max_examples=40)
@given(
    lasts=st.integers(0, 5 * HOUR),
    packets=st.integers(1, 5000),
    per_packet=st.integers(40, 1500),
    at=st.integers(T0, T0 + HOUR),
)
def test_windows_part_a_conversation_without_losing_a_packet(
    lasts: int, packets: int, per_packet: int, at: int
) -> None:
    size = packets * per_packet
    rows = flowed(
        at, source=STRANGER, target=ALB, target_port=443, lasts=lasts, packets=packets, size=size
    )
    assert (sum(row["packets"] for row in rows), sum(row["bytes"] for row in rows)) == (
        packets,
        size,
    )
    assert all(40 <= row["bytes"] / row["packets"] <= 1500 for row in rows)
    assert all(
        0 <= row["end"] - row["start"] <= 600 for row in rows if packets > 1 + lasts // 600_000
    )
    assert rows[0]["start"] == at // 1000
    assert [row["tcp_flags"] & 2 for row in rows] == [2] + [0] * (len(rows) - 1)
    assert [row["tcp_flags"] & 1 for row in rows] == [0] * (len(rows) - 1) + [1]


def flags_of(rows: list[dict[str, Any]], source: str) -> list[int]:
    return [row["tcp_flags"] for row in rows if row["srcaddr"] == source]


def test_who_breaks_a_handshake_off_resets_and_the_host_has_only_answered() -> None:
    half = {"packets": 2, "size": 100, "packets_back": 1, "size_back": 60, "accepted": True}
    rows = flowed(source=STRANGER, target=BASTION, target_port=22, closes=RST, **half)
    assert (flags_of(rows, STRANGER), flags_of(rows, BASTION)) == ([6], [18])


def test_checks_that_windows_part_show_a_handshake_in_each() -> None:
    rows = flowed(
        [T0 + number * 20_000 for number in range(30)],  # one of them lies across the edge
        source=STRANGER,
        target=BASTION,
        target_port=22,
        lasts=30_000,
        packets=4,
        size=200,
        packets_back=2,
        size_back=120,
        accepted=True,
        closes=RST,
    )
    assert {row["packets"] for row in rows if row["srcaddr"] == STRANGER} == {2, 4}
    assert (set(flags_of(rows, STRANGER)), set(flags_of(rows, BASTION))) == ({6}, {18})


def test_a_port_that_nobody_listens_on_answers_a_knock_with_a_reset() -> None:
    rows = flowed(source=BASTION, target=STRANGER, target_port=22, packets_back=1, closes=RST_ACK)
    assert (flags_of(rows, BASTION), flags_of(rows, STRANGER)) == ([2], [4])


def test_who_gets_no_answer_knocks_in_every_window() -> None:
    rows = flowed(
        source=STRANGER, target=BASTION, target_port=22, packets=9, size=540, lasts=30 * MINUTE
    )
    assert len(rows) > 2
    assert set(flags_of(rows, STRANGER)) == {2}


def test_nitro_instances_report_by_the_minute() -> None:
    rows = flowed(
        source="10.40.20.12",
        target=STRANGER,
        target_port=443,
        lasts=5 * MINUTE,
        packets=600,
        size=60_000,
        accepted=True,
    )
    nitro = [
        row for row in rows if row["srcaddr"] == "10.40.20.12" and row["flow_direction"] == "egress"
    ]
    assert len(nitro) >= 5
    assert all(row["end"] - row["start"] < 60 for row in nitro)


MINER = Interface(
    name="miner-3",
    account="sz-dev",
    vpc="sz-dev-default-ap-northeast-1",
    subnet="sz-dev-default-ap-northeast-1-1a",
    private_ip="172.31.3.9",
    kind="host",
    owner="miner-3",
    nitro=True,
)


def test_a_host_that_a_story_made_has_flow_records_where_its_network_is_logged() -> None:
    stage, records = staged()
    mined = {"source": MINER.private_ip, "target": "198.51.100.230", "target_port": 14444}
    acts = flows(stage, T0, Flows(**mined, interfaces=(MINER,)))
    [row] = rows_of(records, "vpcflowlogs")
    assert row["instance_id"] == stage.world.ids.instance("miner-3")
    assert acts.logged.tolist() == [True]
    assert acts.ids[0].startswith(f"{row['interface_id']} 172.31.3.9 ")


def test_no_flow_log_no_record() -> None:
    elsewhere = "sz-dev-default-us-west-2"
    abroad = Interface(**{**vars(MINER), "vpc": elsewhere, "subnet": f"{elsewhere}-2a"})
    what = Flows(source=abroad.private_ip, target=STRANGER, target_port=14444, interfaces=(abroad,))
    stage, records = staged()
    assert flows(stage, T0, what).logged.tolist() == [False]
    assert rows_of(records, "vpcflowlogs") == []
    stage, records = staged(switches=(Switch("vpcflowlogs", region="us-west-2"),))
    assert flows(stage, T0, what).logged.tolist() == [True]
    [row] = rows_of(records, "vpcflowlogs")
    assert (row["region"], row["az_id"][:5]) == ("us-west-2", "usw2-")


def test_a_deleted_flow_log_leaves_a_gap_and_comes_back_under_another_id() -> None:
    prod = World.source_name("vpcflowlogs", "444455556666", "ap-northeast-1", "sz-prod")
    gap = Effect("not logged", prod, T0, T0 + HOUR)
    stage, records = staged(effects=(gap,))
    at = [T0 - MINUTE * 5, T0 + MINUTE * 5, T0 + HOUR + MINUTE]
    acts = flows(stage, at, Flows(source=STRANGER, target=BASTION, target_port=23))
    assert acts.logged.tolist() == [True, False, True]
    parts = [stream.part for stream in records.batches]
    assert parts == [flow_log_id(stage.world, "sz-prod", moment) for moment in (at[0], at[2])]
    assert len({*parts}) == 2


def test_an_idle_interface_says_that_there_are_no_data() -> None:
    stage, records = staged()
    idle(stage, "sz-dev-booking-db", [T0, T0 + 10 * MINUTE])
    rows = rows_of(records, "vpcflowlogs")
    assert [row["log_status"] for row in rows] == ["NODATA"] * 2
    assert rows[1]["start"] - rows[0]["start"] == 600
    assert {row["srcaddr"] for row in rows} == {"-"}


def test_draws_are_the_same_for_all_teams_and_identifiers_are_not() -> None:
    what = {"source": STRANGER, "target": BASTION, "target_port": 22}
    [one], [two] = (flowed(world={"team": team}, **what) for team in ("t01", "t02"))
    different = {name for name in one if one[name] != two[name]}
    assert different == {"interface_id", "vpc_id", "subnet_id", "instance_id"}
    assert re.fullmatch("eni-0[0-9a-f]{16}", one["interface_id"])


def test_no_two_interfaces_share_an_id() -> None:
    names = [face.name for face in load_baseline().network_interfaces()]
    made = {Ids(1).interface(name) for name in names}
    assert len(made) == len(names)
