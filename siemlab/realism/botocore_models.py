"""The service models of a botocore, read from its data files: which operation has which members.

Only the files are read, not the library, so that two of them can stand side by side: the installed
one, and one of late 2022, which knows nothing younger than the logs.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
import sys
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from siemlab.errors import SiemlabError

__all__ = ["LATE_2022", "ServiceModel", "ServiceModels", "Shape"]

LATE_2022 = "1.29.40"
"""The botocore of December 2022: what it does not know, AWS did not have."""

ENDPOINT = re.compile(r'"(endpointPrefix|signingName|serviceId)"\s*:\s*"([^"]*)"')

# Event sources that no model is named after, or that several models share.
OVERRIDES = {
    "access-analyzer": ("accessanalyzer",),
    "bedrock": ("bedrock", "bedrock-runtime"),
    "elasticloadbalancing": ("elbv2", "elb"),
    "email": ("ses", "sesv2"),
    "monitoring": ("cloudwatch",),
    "s3": ("s3", "s3control"),
    "sso": ("sso", "sso-admin"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}

Shape = dict[str, Any]
"""A shape of a service model, as its JSON says it."""


class ServiceModel(NamedTuple):
    """The model of one service: its name, its protocol, its operations and shapes."""

    name: str
    protocol: str
    operations: dict[str, Any]
    shapes: dict[str, Shape]

    def shape(self, name: str) -> Shape:
        """Return a shape by its name.

        Examples
        --------
        >>> ServiceModel("s3", "rest-xml", {}, {"Key": {"type": "string"}}).shape("Key")
        {'type': 'string'}
        """
        return self.shapes[name]


class ServiceModels:
    """All service models of a botocore.

    Parameters
    ----------
    folder
        Its ``data`` folder.

    Raises
    ------
    SiemlabError
        There is no such folder.

    Examples
    --------
    >>> models = ServiceModels.installed()
    >>> [model.name for model in models.of_source("monitoring.amazonaws.com")]
    ['cloudwatch']
    >>> models.of_source("no-such-service.amazonaws.com")
    ()
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise SiemlabError(
                f"there are no service models at {folder}; install botocore there",
                f"{folder} にサービスモデルがありません。botocore をそこにインストールしてください",
            )
        self._folder = folder

    @classmethod
    def installed(cls) -> ServiceModels:
        """Return the models of the installed botocore.

        Raises
        ------
        SiemlabError
            It is not installed.
        """
        found = importlib.util.find_spec("botocore")
        if found is None or found.origin is None:
            raise SiemlabError(
                "botocore is not installed; run: pip install 'siemlab[s3]'",
                "botocore がありません。pip install 'siemlab[s3]' を実行してください",
            )
        return cls(Path(found.origin).parent / "data")

    @classmethod
    def late_2022(cls) -> ServiceModels:
        """Return the models of December 2022, from beside the environment's packages.

        ``SIEMLAB_BOTOCORE_2022`` names another folder.

        Raises
        ------
        SiemlabError
            They are not there.
        """
        default = Path(sys.prefix) / "botocore-2022"
        place = Path(os.environ.get("SIEMLAB_BOTOCORE_2022") or default)
        if not (place / "botocore" / "data").is_dir():
            command = f"pip install --no-deps --target {place} botocore=={LATE_2022}"
            raise SiemlabError(
                f"the service models of late 2022 are missing; run: {command}",
                f"2022 年末のサービスモデルがありません。次を実行してください: {command}",
            )
        return cls(place / "botocore" / "data")

    def service(self, name: str) -> ServiceModel:
        """Return the model of a service by its own name, ``guardduty``.

        Parameters
        ----------
        name
            As the folder of its model is called.
        """
        return _load(self._folder, name)

    def of_source(self, source: str) -> tuple[ServiceModel, ...]:
        """Return the models of an event source, ``ec2.amazonaws.com``; none where it is unknown.

        Parameters
        ----------
        source
            ``eventSource`` of an event.
        """
        prefix = source.removesuffix(".amazonaws.com")
        if prefix == source:
            return ()
        names = self._names(prefix)
        return tuple(_load(self._folder, name) for name in names if name in self._services)

    def _names(self, prefix: str) -> tuple[str, ...]:
        if prefix in OVERRIDES:
            return OVERRIDES[prefix]
        if prefix in self._services:
            return (prefix,)
        for known in self._prefixes:
            if prefix in known:
                return known[prefix]
        return ()

    @cached_property
    def _services(self) -> frozenset[str]:
        return frozenset(path.name for path in self._folder.iterdir() if path.is_dir())

    @cached_property
    def _prefixes(self) -> tuple[dict[str, tuple[str, ...]], ...]:
        """The services by endpoint prefix, by signing name, by id: the first that knows has it."""
        tables: dict[str, dict[str, tuple[str, ...]]] = {
            "endpointPrefix": {},
            "signingName": {},
            "serviceId": {},
        }
        for name in sorted(self._services):
            for what, value in ENDPOINT.findall(_beginning(_newest(self._folder, name))):
                table = tables[what]
                known = value.lower().replace(" ", "")
                table[known] = (*table.get(known, ()), name)
        return tuple(tables.values())


def _newest(folder: Path, name: str) -> Path:
    found = sorted((folder / name).glob("*/service-2.json*"))
    if not found:
        raise SiemlabError(
            f"the service model {folder / name} is empty; install botocore again",
            f"サービスモデル {folder / name} が空です。botocore を入れ直してください",
        )
    return found[-1]


def _beginning(path: Path) -> str:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return file.read(4096).decode("utf-8", "replace")


@lru_cache(maxsize=200)
def _load(folder: Path, name: str) -> ServiceModel:
    path = _newest(folder, name)
    data = path.read_bytes()
    model = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    shapes = {key: _plain(shape) for key, shape in model["shapes"].items()}
    return ServiceModel(name, _protocol(model["metadata"]), model["operations"], shapes)


def _protocol(metadata: dict[str, Any]) -> str:
    """Return the protocol that the logs show: services that learnt CBOR later had another."""
    offered = [metadata["protocol"], *metadata.get("protocols", ())]
    return next((name for name in offered if not name.startswith("smithy")), "json")


def _plain(shape: Shape) -> Shape:
    """Leave the prose out of a shape: it is most of a model."""
    kept = {key: value for key, value in shape.items() if key not in ("documentation", "enum")}
    if "members" in kept:
        kept["members"] = {
            name: {key: value for key, value in ref.items() if key != "documentation"}
            for name, ref in kept["members"].items()
        }
    return kept
