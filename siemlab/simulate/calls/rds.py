"""Calls of RDS.

Holes: ``database``, ``snapshot`` (a database snapshot's name), ``shared_with`` (an account),
``log_file``, ``parameter_group``, ``since`` (when the database was made, `dates.dates`),
``resource_id`` (``db-...``), ``vpc``, ``zone``, ``size`` (raw, GiB).
"""

from __future__ import annotations

from typing import Any

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_DB_SNAPSHOT",
    "DELETE_DB_SNAPSHOT",
    "DESCRIBE_ACCOUNT_ATTRIBUTES",
    "DESCRIBE_CERTIFICATES",
    "DESCRIBE_DB_CLUSTERS",
    "DESCRIBE_DB_CLUSTER_SNAPSHOTS",
    "DESCRIBE_DB_ENGINE_VERSIONS",
    "DESCRIBE_DB_INSTANCE",
    "DESCRIBE_DB_INSTANCES",
    "DESCRIBE_DB_INSTANCES_PAGE",
    "DESCRIBE_DB_LOG_FILES",
    "DESCRIBE_DB_PARAMETERS",
    "DESCRIBE_DB_PARAMETER_GROUPS",
    "DESCRIBE_DB_SECURITY_GROUPS",
    "DESCRIBE_DB_SNAPSHOT",
    "DESCRIBE_DB_SNAPSHOTS",
    "DESCRIBE_DB_SNAPSHOT_ATTRIBUTES",
    "DESCRIBE_DB_SUBNET_GROUPS",
    "DESCRIBE_EVENTS",
    "DESCRIBE_EVENT_SUBSCRIPTIONS",
    "DESCRIBE_GLOBAL_CLUSTERS",
    "DESCRIBE_OPTION_GROUPS",
    "DESCRIBE_ORDERABLE_DB_INSTANCE_OPTIONS",
    "DESCRIBE_PENDING_MAINTENANCE_ACTIONS",
    "DESCRIBE_RESERVED_DB_INSTANCES",
    "DOWNLOAD_DB_LOG_FILE_PORTION",
    "LIST_TAGS_FOR_RESOURCE",
    "MODIFY_DB_INSTANCE",
    "MODIFY_DB_SNAPSHOT_ATTRIBUTE_ADD",
    "MODIFY_DB_SNAPSHOT_ATTRIBUTE_REMOVE",
    "REBOOT_DB_INSTANCE",
]

RDS = Family(service="rds")

HERE = f"{Hole('region')}:{Hole('account')}"
DATABASE_ARN = f"arn:aws:rds:{HERE}:db:{Hole('database')}"
SNAPSHOT_ARN = f"arn:aws:rds:{HERE}:snapshot:{Hole('snapshot')}"

_NO_DATABASE = Fault("DBInstanceNotFoundFault", f"DBInstance {Hole('database')} not found.")
_NO_SNAPSHOT = Fault("DBSnapshotNotFoundFault", f"DBSnapshot {Hole('snapshot')} not found.")
_DATABASE = {"dBInstanceIdentifier": Hole("database")}
_SNAPSHOT = {"dBSnapshotIdentifier": Hole("snapshot")}
_ENGINE = {"engine": "postgres", "engineVersion": "13.7"}

# --- reading -------------------------------------------------------------------------------------

DESCRIBE_ACCOUNT_ATTRIBUTES = RDS("DescribeAccountAttributes")
DESCRIBE_CERTIFICATES = RDS("DescribeCertificates")
DESCRIBE_DB_CLUSTERS = RDS("DescribeDBClusters", {"includeShared": False})
DESCRIBE_DB_CLUSTER_SNAPSHOTS = RDS(
    "DescribeDBClusterSnapshots", {"includePublic": False, "includeShared": False}
)
DESCRIBE_DB_ENGINE_VERSIONS = RDS(
    "DescribeDBEngineVersions",
    {**_ENGINE, "defaultOnly": False, "listSupportedCharacterSets": False},
)
DESCRIBE_DB_INSTANCES = RDS("DescribeDBInstances")
DESCRIBE_DB_INSTANCES_PAGE = RDS("DescribeDBInstances", {"maxRecords": 100})
DESCRIBE_DB_INSTANCE = RDS(
    "DescribeDBInstances", _DATABASE, on=DATABASE_ARN, faults=(_NO_DATABASE,)
)
"""One database by its name."""

DESCRIBE_DB_LOG_FILES = RDS(
    "DescribeDBLogFiles", _DATABASE, on=DATABASE_ARN, faults=(_NO_DATABASE,)
)
DESCRIBE_DB_PARAMETERS = RDS(
    "DescribeDBParameters", {"dBParameterGroupName": Hole("parameter_group")}
)
DESCRIBE_DB_PARAMETER_GROUPS = RDS("DescribeDBParameterGroups", {"maxRecords": 100})
DESCRIBE_DB_SECURITY_GROUPS = RDS("DescribeDBSecurityGroups", {"maxRecords": 100})
DESCRIBE_DB_SNAPSHOTS = RDS(
    "DescribeDBSnapshots", {"includePublic": False, "includeShared": False, "maxRecords": 100}
)
DESCRIBE_DB_SNAPSHOT = RDS(
    "DescribeDBSnapshots",
    {"includePublic": False, **_SNAPSHOT, "includeShared": False},
    on=SNAPSHOT_ARN,
    faults=(_NO_SNAPSHOT,),
)
"""One snapshot by its name."""

DESCRIBE_DB_SNAPSHOT_ATTRIBUTES = RDS(
    "DescribeDBSnapshotAttributes", _SNAPSHOT, on=SNAPSHOT_ARN, faults=(_NO_SNAPSHOT,)
)
DESCRIBE_DB_SUBNET_GROUPS = RDS("DescribeDBSubnetGroups", {"maxRecords": 100})
DESCRIBE_EVENTS = RDS(
    "DescribeEvents",
    {
        "sourceIdentifier": Hole("database"),
        "sourceType": "db-instance",
        "duration": 1440,
        "maxRecords": 100,
    },
)
DESCRIBE_EVENT_SUBSCRIPTIONS = RDS("DescribeEventSubscriptions")
DESCRIBE_GLOBAL_CLUSTERS = RDS("DescribeGlobalClusters")
DESCRIBE_OPTION_GROUPS = RDS("DescribeOptionGroups", {"maxRecords": 100})
DESCRIBE_ORDERABLE_DB_INSTANCE_OPTIONS = RDS(
    "DescribeOrderableDBInstanceOptions", {**_ENGINE, "vpc": True}
)
DESCRIBE_PENDING_MAINTENANCE_ACTIONS = RDS("DescribePendingMaintenanceActions")
DESCRIBE_RESERVED_DB_INSTANCES = RDS("DescribeReservedDBInstances", {"maxRecords": 100})
DOWNLOAD_DB_LOG_FILE_PORTION = RDS(
    "DownloadDBLogFilePortion",
    {**_DATABASE, "logFileName": Hole("log_file"), "numberOfLines": 1000},
    read_only=True,
    on=DATABASE_ARN,
)
LIST_TAGS_FOR_RESOURCE = RDS("ListTagsForResource", {"resourceName": DATABASE_ARN})

# --- changing ------------------------------------------------------------------------------------

_MADE: dict[str, Any] = {
    "allocatedStorage": Hole("size", raw=True),
    "instanceCreateTime": Hole("since"),
    "dBSnapshotIdentifier": Hole("snapshot"),
    "dbiResourceId": Hole("resource_id"),
    "port": 5432,
    "availabilityZone": Hole("zone"),
    "dBSnapshotArn": SNAPSHOT_ARN,
    "processorFeatures": [],
    "encrypted": False,
    "percentProgress": 0,
    "optionGroupName": "default:postgres-13",
    "tagList": [],
    "dBInstanceIdentifier": Hole("database"),
    "storageType": "gp2",
    "iAMDatabaseAuthenticationEnabled": False,
    "vpcId": Hole("vpc"),
    "status": "creating",
    "masterUsername": "postgres",
    "engine": "postgres",
    "snapshotType": "manual",
    "engineVersion": "13.7",
    "licenseModel": "postgresql-license",
    "snapshotTarget": "region",
}

CREATE_DB_SNAPSHOT = RDS(
    "CreateDBSnapshot",
    {**_DATABASE, **_SNAPSHOT},
    _MADE,
    on=SNAPSHOT_ARN,
    faults=(
        _NO_DATABASE,
        Fault(
            "DBSnapshotAlreadyExistsFault",
            "Cannot create the snapshot because a snapshot with the identifier "
            f"{Hole('snapshot')} already exists.",
        ),
    ),
)
DELETE_DB_SNAPSHOT = RDS(
    "DeleteDBSnapshot",
    _SNAPSHOT,
    {**_MADE, "status": "deleted", "percentProgress": 100},
    on=SNAPSHOT_ARN,
    faults=(_NO_SNAPSHOT,),
)


def _share(change: str, left: list[Any]) -> Call:
    return RDS(
        "ModifyDBSnapshotAttribute",
        {**_SNAPSHOT, "attributeName": "restore", change: [Hole("shared_with")]},
        {
            **_SNAPSHOT,
            "dBSnapshotAttributes": [{"attributeName": "restore", "attributeValues": left}],
        },
        on=SNAPSHOT_ARN,
        faults=(_NO_SNAPSHOT,),
    )


MODIFY_DB_SNAPSHOT_ATTRIBUTE_ADD = _share("valuesToAdd", [Hole("shared_with")])
"""A database snapshot is shared with the account ``shared_with``."""

MODIFY_DB_SNAPSHOT_ATTRIBUTE_REMOVE = _share("valuesToRemove", [])
"""A database snapshot is no longer shared with the account ``shared_with``."""

MODIFY_DB_INSTANCE = RDS(
    "ModifyDBInstance",
    {
        **_DATABASE,
        "applyImmediately": True,
        "allowMajorVersionUpgrade": False,
        "maxAllocatedStorage": Hole("size", raw=True),
    },
    {
        "dBInstanceArn": DATABASE_ARN,
        "dBInstanceIdentifier": Hole("database"),
        "dbiResourceId": Hole("resource_id"),
        "dBInstanceStatus": "available",
        **_ENGINE,
        "maxAllocatedStorage": Hole("size", raw=True),
        "masterUsername": "postgres",
        "multiAZ": True,
        "publiclyAccessible": False,
        "storageEncrypted": False,
        "pendingModifiedValues": {},
        "deletionProtection": True,
    },
    on=DATABASE_ARN,
    faults=(_NO_DATABASE,),
)
REBOOT_DB_INSTANCE = RDS(
    "RebootDBInstance",
    {**_DATABASE, "forceFailover": False},
    {
        "dBInstanceArn": DATABASE_ARN,
        "dBInstanceIdentifier": Hole("database"),
        "dBInstanceStatus": "rebooting",
    },
    on=DATABASE_ARN,
)
