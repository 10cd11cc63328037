"""Calls of AWS Backup.

Holes: ``vault``, ``plan`` (an id), ``job`` (an id), ``resource_arn``, ``role_arn``.
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "DESCRIBE_BACKUP_JOB",
    "DESCRIBE_BACKUP_VAULT",
    "GET_BACKUP_PLAN",
    "GET_BACKUP_VAULT_NOTIFICATIONS",
    "LIST_BACKUP_JOBS",
    "LIST_BACKUP_PLANS",
    "LIST_BACKUP_SELECTIONS",
    "LIST_BACKUP_VAULTS",
    "LIST_PROTECTED_RESOURCES",
    "LIST_RECOVERY_POINTS_BY_BACKUP_VAULT",
    "START_BACKUP_JOB",
]

BACKUP = Family(service="backup")

_VAULT = {"backupVaultName": Hole("vault")}
ON_VAULT = f"arn:aws:backup:{Hole('region')}:{Hole('account')}:backup-vault:{Hole('vault')}"

DESCRIBE_BACKUP_JOB = BACKUP("DescribeBackupJob", {"backupJobId": Hole("job")})
DESCRIBE_BACKUP_VAULT = BACKUP("DescribeBackupVault", _VAULT, on=ON_VAULT)
GET_BACKUP_PLAN = BACKUP("GetBackupPlan", {"backupPlanId": Hole("plan")})
GET_BACKUP_VAULT_NOTIFICATIONS = BACKUP(
    "GetBackupVaultNotifications",
    _VAULT,
    on=ON_VAULT,
    faults=(
        Fault(
            "ResourceNotFoundException",
            f"Failed reading notifications from database for Backup vault {Hole('vault')}",
        ),
    ),
)
LIST_BACKUP_JOBS = BACKUP("ListBackupJobs", {"maxResults": "100"})
LIST_BACKUP_PLANS = BACKUP("ListBackupPlans", {"maxResults": "100"})
LIST_BACKUP_SELECTIONS = BACKUP("ListBackupSelections", {"backupPlanId": Hole("plan")})
LIST_BACKUP_VAULTS = BACKUP("ListBackupVaults", {"maxResults": "100"})
LIST_PROTECTED_RESOURCES = BACKUP("ListProtectedResources", {"maxResults": "100"})
LIST_RECOVERY_POINTS_BY_BACKUP_VAULT = BACKUP(
    "ListRecoveryPointsByBackupVault", {**_VAULT, "maxResults": "100"}, on=ON_VAULT
)
START_BACKUP_JOB = BACKUP(
    "StartBackupJob",
    {
        **_VAULT,
        "resourceArn": Hole("resource_arn"),
        "iamRoleArn": Hole("role_arn"),
        "idempotencyToken": Hole("client_token"),
    },
    {"backupJobId": Hole("job"), "creationDate": Hole("made_comma")},
    on=ON_VAULT,
)
