"""What is known of a data set of our own: whose what is, and what belongs to a story."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from siemlab.baseline import Baseline, load_baseline
from siemlab.datasets import Plan
from siemlab.errors import StoreError
from siemlab.realism.inventory import Inventory
from siemlab.realism.labels import Labels
from siemlab.scenarios import Truth
from siemlab.simulate.world import Switch

__all__ = ["DataSetFolder", "company_inventory", "labels_of", "open_folder"]

BUCKET, PLAN = "bucket", "plan.json"


@dataclass(frozen=True)
class DataSetFolder:
    """Where the logs of a folder lie, and what is known about them.

    Parameters
    ----------
    sources
        The folders with the logs.
    inventory
        What existed when they begin.
    labels
        What belongs to a story.
    """

    sources: tuple[Path, ...]
    inventory: Inventory
    labels: Labels


def company_inventory(company: Baseline | None = None) -> Inventory:
    """Return what the company's data says of accounts and addresses.

    Parameters
    ----------
    company
        The company; the one that siemlab tells of when left out.

    Examples
    --------
    >>> inventory = company_inventory()
    >>> inventory.knows("203.0.113.9"), inventory.knows("8.8.8.8")
    (True, False)
    """
    company = company or load_baseline()
    networks = [found.cidr for found in company.ranges]
    networks += [vpc.cidr for vpc in company.vpcs.values()]
    accounts = frozenset(account.id for account in company.accounts.values())
    interfaces = company.network_interfaces()
    return Inventory(
        accounts=accounts,
        interfaces=frozenset(found.private_ip for found in interfaces if found.private_ip),
        networks=tuple(dict.fromkeys(map(str, networks))),
        whole=True,
    )


def labels_of(truths: Iterable[Truth], company: Baseline | None = None) -> Labels:
    """Return which records belong to the stories.

    Parameters
    ----------
    truths
        The truth of each story.
    company
        The company, which knows the ranges that no legitimate caller has.

    Examples
    --------
    >>> labels_of([]).event_ids
    {}
    """
    company = company or load_baseline()
    event_ids, addresses = {}, {}
    for truth in truths:
        event_ids[truth.scenario] = truth.ids("cloudtrail")
        addresses[truth.scenario] = frozenset(
            value
            for value in map(str, truth.facts.values())
            if (found := company.range_of(value)) is not None and found.legitimate == "no"
        )
    return Labels(event_ids, addresses)


def open_folder(folder: Path) -> DataSetFolder:
    """Return what is known of a folder: of a data set that was built all, of others nothing.

    Parameters
    ----------
    folder
        A folder of logs, or one that ``siemlab build`` has written.

    Raises
    ------
    StoreError
        The folder says that it is a data set, and is damaged.

    Examples
    --------
    >>> import tempfile
    >>> open_folder(Path(tempfile.mkdtemp())).inventory
    Inventory(accounts=None, ...)
    """
    if not (folder / PLAN).is_file():
        return DataSetFolder((folder,), Inventory(), Labels())
    plan = _plan(folder / PLAN)
    labels = labels_of(plan.truths())
    return DataSetFolder((folder / BUCKET,), company_inventory(), labels)


def _plan(path: Path) -> Plan:
    """Return the plan that a data set was built after."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        plan = Plan.of(said["name"], seed=said["seed"], team=said["team"], month=said["month"])
        switches = tuple(Switch(**switch) for switch in said["switches"])
        return replace(plan, switches=switches, incidents_only=said["incidents_only"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path} is no plan of a data set: build it again with siemlab build",
            f"{path} はデータセットの計画ではありません。siemlab build で作り直してください",
        ) from error
