"""Calls of the container registry (``ecr``) and of ECS.

Holes: ``repository``, ``tag``, ``digest``, ``layer_digest``, ``upload``, ``cluster``,
``service_name``, ``task`` (its ARN).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "BATCH_CHECK_LAYER_AVAILABILITY",
    "BATCH_GET_IMAGE",
    "COMPLETE_LAYER_UPLOAD",
    "DESCRIBE_CLUSTERS",
    "DESCRIBE_IMAGES",
    "DESCRIBE_IMAGE_SCAN_FINDINGS",
    "DESCRIBE_REPOSITORIES",
    "DESCRIBE_SERVICES",
    "DESCRIBE_TASKS",
    "GET_AUTHORIZATION_TOKEN",
    "GET_DOWNLOAD_URL_FOR_LAYER",
    "GET_LIFECYCLE_POLICY",
    "INITIATE_LAYER_UPLOAD",
    "LIST_CLUSTERS",
    "LIST_IMAGES",
    "LIST_SERVICES",
    "LIST_TASKS",
    "LIST_TASK_DEFINITIONS",
    "PUT_IMAGE",
]

ECR = Family(service="ecr", host=f"api.ecr.{Hole('region')}.amazonaws.com")
ECS = Family(service="ecs")

ARN = f"arn:aws:ecr:{Hole('region')}:{Hole('account')}:repository/{Hole('repository')}"
_RESOURCES = [{"accountId": Hole("account"), "ARN": ARN}]
_HERE = {"registryId": Hole("account"), "repositoryName": Hole("repository")}
_MISSING = Fault(
    "RepositoryNotFoundException",
    f"The repository with name '{Hole('repository')}' does not exist in the registry with id "
    f"'{Hole('account')}'",
)


def _of_repository(
    name: str, more: dict[str, Any] | None = None, response: Any = None, **others: Any
) -> Call:
    return ECR(
        name,
        {**_HERE, **(more or {})},
        response,
        on=ARN,
        resources=_RESOURCES,
        faults=(_MISSING,),
        **others,
    )


BATCH_CHECK_LAYER_AVAILABILITY = _of_repository(
    "BatchCheckLayerAvailability", {"layerDigests": [Hole("layer_digest")]}, read_only=True
)
BATCH_GET_IMAGE = _of_repository(
    "BatchGetImage",
    {
        "imageIds": [{"imageTag": Hole("tag")}],
        "acceptedMediaTypes": ["application/vnd.docker.distribution.manifest.v2+json"],
    },
)
DESCRIBE_IMAGES = _of_repository("DescribeImages")
DESCRIBE_IMAGE_SCAN_FINDINGS = _of_repository(
    "DescribeImageScanFindings",
    {"imageId": {"imageTag": Hole("tag")}},
)
DESCRIBE_REPOSITORIES = ECR("DescribeRepositories", {"maxResults": 100})
GET_AUTHORIZATION_TOKEN = ECR("GetAuthorizationToken")
GET_DOWNLOAD_URL_FOR_LAYER = _of_repository(
    "GetDownloadUrlForLayer", {"layerDigest": Hole("layer_digest")}
)
GET_LIFECYCLE_POLICY = _of_repository("GetLifecyclePolicy")
LIST_IMAGES = _of_repository("ListImages", {"maxResults": 100})

INITIATE_LAYER_UPLOAD = _of_repository(
    "InitiateLayerUpload", None, {"uploadId": Hole("upload"), "partSize": 10485760}
)
COMPLETE_LAYER_UPLOAD = _of_repository(
    "CompleteLayerUpload",
    {"uploadId": Hole("upload"), "layerDigests": [Hole("layer_digest")]},
    {**_HERE, "uploadId": Hole("upload"), "layerDigest": Hole("layer_digest")},
)
PUT_IMAGE = _of_repository(
    "PutImage",
    {"imageTag": Hole("tag"), "imageManifestMediaType": Hole("media")},
    {
        "image": {
            **_HERE,
            "imageId": {"imageDigest": Hole("digest"), "imageTag": Hole("tag")},
            "imageManifestMediaType": Hole("media"),
        }
    },
    defaults={"media": "application/vnd.docker.distribution.manifest.v2+json"},
)

_CLUSTER = {"cluster": Hole("cluster")}

DESCRIBE_CLUSTERS = ECS("DescribeClusters", {"clusters": [Hole("cluster")]})
DESCRIBE_SERVICES = ECS("DescribeServices", {**_CLUSTER, "services": [Hole("service_name")]})
DESCRIBE_TASKS = ECS("DescribeTasks", {**_CLUSTER, "tasks": [Hole("task")]})
LIST_CLUSTERS = ECS("ListClusters", {"maxResults": 100})
LIST_SERVICES = ECS("ListServices", {**_CLUSTER, "maxResults": 100})
LIST_TASKS = ECS("ListTasks", {**_CLUSTER, "maxResults": 100})
LIST_TASK_DEFINITIONS = ECS("ListTaskDefinitions", {"maxResults": 100, "sort": "DESC"})
