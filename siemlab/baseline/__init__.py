"""What is legitimate at Sazanami Tabi K.K., the fictional company that the logs come from."""

from __future__ import annotations

from siemlab.baseline.calendar import JST, Change, Rota, day_bounds
from siemlab.baseline.company import Baseline
from siemlab.baseline.exclusions import Exclusion
from siemlab.baseline.geoip import remote_ip_details, write_geoip
from siemlab.baseline.identities import Account, Person, Role, User
from siemlab.baseline.loading import load_baseline
from siemlab.baseline.network import Host, Interface, Vpc
from siemlab.baseline.places import Place, Range
from siemlab.baseline.reading import BaselineFileError
from siemlab.baseline.resources import Bucket
from siemlab.baseline.sheet import known_good_markdown, known_good_yaml

__all__ = [
    "JST",
    "Account",
    "Baseline",
    "BaselineFileError",
    "Bucket",
    "Change",
    "Exclusion",
    "Host",
    "Interface",
    "Person",
    "Place",
    "Range",
    "Role",
    "Rota",
    "User",
    "Vpc",
    "day_bounds",
    "known_good_markdown",
    "known_good_yaml",
    "load_baseline",
    "remote_ip_details",
    "write_geoip",
]
