"""Calls of CloudFront, which is global: recorded in us-east-1, with the API's version in the name.

Holes: ``distribution`` (an id), ``path`` (what is made invalid), ``invalidation`` (an id).
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_INVALIDATION",
    "GET_DISTRIBUTION",
    "GET_DISTRIBUTION_CONFIG",
    "GET_INVALIDATION",
    "LIST_DISTRIBUTIONS",
    "LIST_INVALIDATIONS",
]

CLOUDFRONT = Family(
    service="cloudfront",
    home="us-east-1",
    host="cloudfront.amazonaws.com",
)

ON_DISTRIBUTION = f"arn:aws:cloudfront::{Hole('account')}:distribution/{Hole('distribution')}"
_MISSING = Fault("NoSuchDistribution", "The specified distribution does not exist.")


def _of_distribution(name: str, member: str = "id") -> Call:
    return CLOUDFRONT(name, {member: Hole("distribution")}, on=ON_DISTRIBUTION, faults=(_MISSING,))


_BATCH = {
    "callerReference": Hole("client_token"),
    "paths": {"quantity": 1, "items": [Hole("path")]},
}
CREATE_INVALIDATION = CLOUDFRONT(
    "CreateInvalidation2020_05_31",
    {"distributionId": Hole("distribution"), "invalidationBatch": _BATCH},
    {
        "location": (
            "https://cloudfront.amazonaws.com/2020-05-31/distribution/"
            f"{Hole('distribution')}/invalidation/{Hole('invalidation')}"
        ),
        "invalidation": {
            "id": Hole("invalidation"),
            "status": "InProgress",
            "createTime": Hole("made_comma"),
            "invalidationBatch": _BATCH,
        },
    },
    on=ON_DISTRIBUTION,
    faults=(_MISSING,),
)
GET_DISTRIBUTION = _of_distribution("GetDistribution2020_05_31")
GET_DISTRIBUTION_CONFIG = _of_distribution("GetDistributionConfig2020_05_31")
GET_INVALIDATION = CLOUDFRONT(
    "GetInvalidation2020_05_31",
    {"distributionId": Hole("distribution"), "id": Hole("invalidation")},
    on=ON_DISTRIBUTION,
)
LIST_DISTRIBUTIONS = CLOUDFRONT("ListDistributions2020_05_31")
LIST_INVALIDATIONS = _of_distribution("ListInvalidations2020_05_31", "distributionId")
