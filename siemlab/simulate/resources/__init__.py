"""The company's resources as AWS Config describes them."""

from __future__ import annotations

from siemlab.simulate.resources.identities import role, user
from siemlab.simulate.resources.machines import (
    instance,
    machine,
    machine_interface,
    machine_volume,
    volume,
)
from siemlab.simulate.resources.managed import association_compliance, managed_inventory
from siemlab.simulate.resources.networks import (
    interface,
    security_group,
    subnet,
    temporary_group,
    vpc,
)
from siemlab.simulate.resources.storage import bucket, database, function, load_balancer

__all__ = [
    "association_compliance",
    "bucket",
    "database",
    "function",
    "instance",
    "interface",
    "load_balancer",
    "machine",
    "machine_interface",
    "machine_volume",
    "managed_inventory",
    "role",
    "security_group",
    "subnet",
    "temporary_group",
    "user",
    "volume",
    "vpc",
]
