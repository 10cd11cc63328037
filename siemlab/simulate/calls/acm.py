"""Calls of the Certificate Manager.

Holes: ``certificate`` (an id).
"""

from __future__ import annotations

from siemlab.simulate.call import Call
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_CERTIFICATE",
    "GET_CERTIFICATE",
    "LIST_CERTIFICATES",
    "LIST_TAGS_FOR_CERTIFICATE",
]

ACM = Family(service="acm")

ARN = f"arn:aws:acm:{Hole('region')}:{Hole('account')}:certificate/{Hole('certificate')}"


def _of_certificate(name: str) -> Call:
    return ACM(name, {"certificateArn": ARN}, on=ARN)


DESCRIBE_CERTIFICATE = _of_certificate("DescribeCertificate")
GET_CERTIFICATE = _of_certificate("GetCertificate")
LIST_CERTIFICATES = ACM("ListCertificates", {"maxItems": 100})
LIST_TAGS_FOR_CERTIFICATE = _of_certificate("ListTagsForCertificate")
