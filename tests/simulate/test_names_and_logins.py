"""The query log of the resolver, and the bastion's /var/log/secure."""

from __future__ import annotations

from siemlab.baseline.network import Interface
from siemlab.simulate.resolver import ask
from siemlab.simulate.secure import accepted, failed, lines
from tests.simulate.recorded import T0, rows_of, staged

BASTION = "sz-prod-bastion-01"


def test_a_query_names_who_asked_and_what_the_answer_was() -> None:
    stage, records = staged()
    answers = ("198.51.100.34", ("mirror.example", "198.51.100.35"), "")
    ask(
        stage,
        [T0, T0 + 1000, T0 + 2000],
        "sz-dev-ci-runner-01",
        "cdn-pkgmirror.example",
        answers=answers,
        rcode=["NOERROR", "NOERROR", "NXDOMAIN"],
    )
    rows = rows_of(records, "route53resolver")
    assert {row["query_name"] for row in rows} == {"cdn-pkgmirror.example."}
    assert [row["rcode"] for row in rows] == ["NOERROR", "NOERROR", "NXDOMAIN"]
    assert {row["srcaddr"] for row in rows} == {"10.40.10.11"}
    assert [[(held["Rdata"], held["Type"]) for held in row["answers"]] for row in rows] == [
        [("198.51.100.34", "A")],
        [("mirror.example", "CNAME"), ("198.51.100.35", "A")],
        [],
    ]
    instance = stage.world.ids.instance("sz-dev-ci-runner-01")
    assert {row["srcids"]["instance"] for row in rows} == {instance}


def test_a_network_without_a_query_log_leaves_no_query() -> None:
    vpc = "sz-dev-default-us-west-2"
    miner = Interface("miner-9", "sz-dev", vpc, f"{vpc}-2a", "172.31.3.9", "host", "miner-9")
    stage, records = staged()
    acts = ask(stage, T0, miner, "asia.pool-hikari.example", answers="198.51.100.230")
    assert acts.logged.tolist() == [False]
    assert rows_of(records, "route53resolver") == []


def test_hosts_of_several_networks_are_written_to_their_own_logs() -> None:
    stage, records = staged()
    hosts = ["sz-prod-web-01", "sz-dev-app-01", "sz-prod-web-02"]
    acts = ask(stage, [T0] * 3, hosts, "a.example", answers="192.0.2.226")
    assert acts.logged.all()
    assert sorted(row["account_id"] for row in rows_of(records, "route53resolver")) == [
        "444455556666",
        "444455556666",
        "777788889999",
    ]


def test_a_line_bears_the_hosts_own_clock_and_the_event_the_true_time() -> None:
    stage, records = staged()
    at = 1669314161000  # 2022-11-24T18:22:41Z
    lines(stage, at, BASTION, accepted(4711, "deploy", "198.51.100.77", 50114, method="password"))
    [event] = rows_of(records, "linux-secure")
    assert event["timestamp"] == at
    assert event["message"] == (
        "Nov 25 03:22:41 sz-prod-bastion-01 sshd[4711]: "
        "Accepted password for deploy from 198.51.100.77 port 50114 ssh2"
    )
    assert event["logStream"] == stage.world.ids.instance(BASTION)


def test_equal_lines_of_one_second_are_different_events() -> None:
    stage, records = staged()
    acts = lines(
        stage, [T0] * 50, BASTION, failed(811, "root", "198.51.100.201", 50001, known=True)
    )
    events = [row["id"] for row in rows_of(records, "linux-secure")]
    assert len({*events}) == 50
    assert [*acts.ids] == events


def test_only_the_bastion_sends_its_log() -> None:
    stage, _ = staged()
    assert lines(stage, T0, "sz-prod-web-01", "sshd[1]: x").logged.tolist() == [False]
