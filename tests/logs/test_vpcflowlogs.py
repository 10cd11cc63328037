"""VPC flow logs: any header, every record, the fields that the SIEM makes of them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from siemlab.normalize import Document, LogObject, Refused, normalize_object

KEY = (
    "AWSLogs/111122223333/vpcflowlogs/ap-northeast-1/2022/11/14/"
    "111122223333_vpcflowlogs_ap-northeast-1_fl-1_20221114T0500Z_x.log.gz"
)
V2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start"
    " end action log-status"
)


def flow(**columns: str) -> dict[str, Any]:
    """The document of one record with these columns (``_`` for ``-``)."""
    (found,) = outcomes(
        "\n".join((" ".join(columns).replace("_", "-"), " ".join(columns.values())))
    )
    assert isinstance(found, Document)
    return found.source


def outcomes(text: str, key: str = KEY) -> list[Any]:
    return list(normalize_object(LogObject(key, "bucket", lambda: io.BytesIO(text.encode()))))


@pytest.mark.parametrize(
    ("protocol", "transport"),
    [
        ("6", "tcp"), ("17", "udp"), ("1", "icmp"), ("41", "ipv6"), ("8", "egp"), ("33", "dccp"),
        ("42", "sdrp"), ("47", "gre"), ("132", "sctp"), ("58", None), ("06", None), ("0", None),
    ],
)  # fmt: skip
def test_a_protocol_has_the_name_that_the_siem_gives_it(
    protocol: str, transport: str | None
) -> None:
    network = flow(end="1668402000", protocol=protocol)["network"]
    assert network.get("transport") == transport
    assert network["iana_number"] == protocol


@pytest.mark.parametrize(
    ("action", "outcome", "kept"),
    [("ACCEPT", "success", "ACCEPT"), ("REJECT", "failure", "REJECT"), ("-", "unknown", None)],
)
def test_the_outcome_follows_the_action(action: str, outcome: str, kept: str | None) -> None:
    event = flow(end="1668402000", action=action)["event"]
    assert (event["outcome"], event.get("action")) == (outcome, kept)


def test_a_record_without_an_action_has_an_unknown_outcome() -> None:
    assert flow(end="1668402000", srcaddr="10.0.0.1")["event"]["outcome"] == "unknown"


def test_fields_of_a_dash_are_left_out_and_bar_the_key() -> None:
    document = flow(
        end="1668402000", region="-", srcaddr="-", dstaddr="-", type="-", account_id="-"
    )
    assert "region" not in document["cloud"]
    assert not {"source", "destination", "network", "related", "srcaddr"} & document.keys()
    assert "id" not in document["cloud"].get("account", {})


def test_an_unknown_account_is_the_one_of_the_key() -> None:
    document = flow(end="1668402000", account_id="unknown")
    assert document["cloud"]["account"] == {"id": "111122223333"}
    assert document["account_id"] == "unknown"


def test_columns_of_later_versions_fill_their_fields() -> None:
    document = flow(
        end="1668402000",
        instance_id="i-0123456789abcdef0",
        type="IPv6",
        pkt_srcaddr="2001:db8::1",
        pkt_dstaddr="10.0.0.9",
        srcaddr="2001:DB8::2",
        flow_direction="egress",
        traffic_path="8",
        bytes="4294967296",
    )
    assert document["cloud"]["instance"] == {"id": "i-0123456789abcdef0"}
    assert document["network"] == {"type": "ipv6", "direction": "egress", "bytes": "4294967296"}
    assert document["source"]["bytes"] == "4294967296"
    assert document["source"]["ip"] == "2001:DB8::2"
    assert document["related"]["ip"] == ["10.0.0.9", "2001:DB8::2", "2001:db8::1"]
    assert document["traffic_path"] == "8"


def test_a_transit_gateway_is_a_log_type_of_its_own_without_an_outcome() -> None:
    document = flow(end="1668402000", resource_type="TransitGateway", action="ACCEPT")
    assert document["@log_type"] == "transit-gateway"
    assert "outcome" not in document["event"]


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n"])
def test_no_record_is_lost_however_the_file_ends(end: str) -> None:
    line = "2 111122223333 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 40 1668402000 1668402060 ACCEPT OK"
    found = outcomes("\n".join((V2, line, "", line.replace("eni-1", "eni-2"))) + end)
    assert [one.source["interface_id"] for one in found] == ["eni-1", "eni-2"]
    assert found[0].source["@message"] == line
    assert found[0].index == "log-aws-vpcflowlogs-2022-11"


def test_equal_lines_have_equal_ids() -> None:
    line = "2 111122223333 eni-1 - - - - - - - 1668402000 1668402060 - NODATA"
    one, other = outcomes("\n".join((V2, line, line)))
    assert one.id == other.id


@pytest.mark.parametrize(
    ("end", "time", "month"),
    [
        ("1668402000", "2022-11-14T05:00:00+00:00", "2022-11"),
        ("1669852799", "2022-11-30T23:59:59+00:00", "2022-11"),
        ("1669852800", "2022-12-01T00:00:00+00:00", "2022-12"),
        ("1668402000123", "2022-11-14T05:00:00.123000+00:00", "2022-11"),
    ],
)
def test_the_time_is_the_end_of_the_capture(end: str, time: str, month: str) -> None:
    (found,) = outcomes(f"end\n{end}")
    assert found.source["@timestamp"] == time
    assert found.index.endswith(month)


def test_a_file_without_the_time_column_is_refused_record_by_record() -> None:
    refused = outcomes("srcaddr dstaddr\n10.0.0.1 10.0.0.2\n10.0.0.3 10.0.0.4")
    assert [type(one) for one in refused] == [Refused, Refused]
    assert {one.error.field for one in refused} == {"end"}
