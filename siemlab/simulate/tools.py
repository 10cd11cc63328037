"""The programs with which the company's people and machines call AWS, by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from siemlab.simulate.call import Call

__all__ = ["boto_agent", "cli_agent", "cli_command", "ssm_agent", "terraform_agent"]

Releases = Sequence[tuple[date, str]]

CLI: Releases = (
    (date(2021, 11, 29), "2.4.5 Python/3.8.8"),
    (date(2022, 3, 30), "2.5.0 Python/3.9.11"),
    (date(2022, 5, 12), "2.7.0 Python/3.9.11"),
    (date(2022, 8, 17), "2.7.24 Python/3.9.11"),
    (date(2022, 10, 3), "2.8.0 Python/3.9.11"),
    (date(2022, 10, 20), "2.8.5 Python/3.9.11"),
    (date(2022, 11, 28), "2.9.1 Python/3.9.11"),
)
"""The command line brings its own Python."""
BOTO: Releases = (
    (date(2021, 12, 1), "20.24"),
    (date(2022, 2, 15), "21.1"),
    (date(2022, 5, 3), "22.7"),
    (date(2022, 6, 8), "24.5"),
    (date(2022, 9, 20), "24.77"),
    (date(2022, 11, 15), "26.9"),
)
PYTHON: Releases = ((date(2021, 11, 22), "3.9.9"), (date(2022, 6, 8), "3.9.13"))
SSM: Releases = (
    (date(2021, 12, 1), "(go1.16.9; linux; amd64) amazon-ssm-agent/3.1.715.0"),
    (date(2022, 4, 12), "(go1.17.6; linux; amd64) amazon-ssm-agent/3.1.1188.0"),
    (date(2022, 8, 30), "(go1.17.12; linux; amd64) amazon-ssm-agent/3.1.1732.0"),
    (date(2022, 12, 6), "(go1.18.3; linux; amd64) amazon-ssm-agent/3.2.345.0"),
)
TERRAFORM: Releases = (
    (date(2021, 12, 15), "1.1.1"),
    (date(2022, 5, 11), "1.1.9"),
    (date(2022, 9, 14), "1.2.9"),
)
PROVIDER: Releases = (
    (date(2021, 12, 16), "3.70.0"),
    (date(2022, 5, 11), "4.13.0"),
    (date(2022, 9, 14), "4.30.0"),
)
GO_SDK: Releases = (
    (date(2021, 12, 16), "1.42.23 (go1.16.9; linux; amd64)"),
    (date(2022, 5, 11), "1.44.10 (go1.17.6; linux; amd64)"),
    (date(2022, 9, 14), "1.44.95 (go1.18.5; linux; amd64)"),
)
"""With what the provider of that day was built."""
AMAZON_LINUX: Releases = (
    (date(2021, 11, 15), "Linux/4.14.252-195.483.amzn2.x86_64"),
    (date(2022, 7, 6), "Linux/4.14.281-212.502.amzn2.x86_64"),
)
UBUNTU: Releases = (
    (date(2021, 11, 15), "Linux/5.4.0-1060-aws"),
    (date(2022, 5, 30), "Linux/5.4.0-1071-aws"),
)
MAC: Releases = (
    (date(2021, 12, 20), "Darwin/21.2.0"),
    (date(2022, 3, 28), "Darwin/21.4.0"),
    (date(2022, 8, 1), "Darwin/21.6.0"),
)
WINDOWS: Releases = ((date(2021, 1, 1), "Windows/10"),)
SYSTEMS = {
    "mac": (MAC, "exe/x86_64"),
    "windows": (WINDOWS, "exe/AMD64"),
    "linux": (AMAZON_LINUX, "exe/x86_64.amzn.2"),
    "runner": (UBUNTU, "exe/x86_64.ubuntu.20"),
}


def _of(releases: Releases, day: date) -> str:
    return max((since, version) for since, version in releases if since <= day)[1]


def cli_command(call: Call) -> str:
    """Return how the command line names a call.

    Examples
    --------
    >>> from siemlab.simulate.calls.lambda_ import LIST_FUNCTIONS
    >>> from siemlab.simulate.calls.s3_bucket import GET_BUCKET_ACL
    >>> cli_command(LIST_FUNCTIONS), cli_command(GET_BUCKET_ACL)
    ('lambda.list-functions', 's3api.get-bucket-acl')
    """
    names = {"s3": "s3api", "monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}
    plain = re.sub("20[0-9]{6}(v2)?$", "", call.name)
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", plain)
    return f"{names.get(call.service, call.service)}.{words.lower()}"


def cli_agent(day: date, system: str, command: str) -> str:
    """Return the user agent of the command line.

    Parameters
    ----------
    day
        The day: it is kept up to date.
    system
        ``mac``, ``windows``, ``linux`` (a host), ``runner`` (of CI).
    command
        What is asked for: ``ec2.describe-instances``.
    """
    kernels, build = SYSTEMS[system]
    return f"aws-cli/{_of(CLI, day)} {_of(kernels, day)} {build} prompt/off command/{command}"


def boto_agent(day: date) -> str:
    """Return the user agent of a host's script that uses the SDK for Python.

    Parameters
    ----------
    day
        The day.
    """
    version = _of(BOTO, day)
    minor, _, patch = version.partition(".")
    place = f"Python/{_of(PYTHON, day)} {_of(AMAZON_LINUX, day)}"
    return f"Boto3/1.{version} {place} Botocore/1.{int(minor) + 3}.{patch}"


def ssm_agent(day: date) -> str:
    """Return the user agent of the agent of Systems Manager that the hosts have."""
    return f"aws-sdk-go/1.41.4 {_of(SSM, day)}"


def terraform_agent(day: date) -> str:
    """Return the user agent of Terraform."""
    return (
        f"APN/1.0 HashiCorp/1.0 Terraform/{_of(TERRAFORM, day)} (+https://www.terraform.io) "
        f"terraform-provider-aws/{_of(PROVIDER, day)} "
        f"(+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go/{_of(GO_SDK, day)}"
    )
