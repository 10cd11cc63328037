"""What things are called: those that AWS names (UUIDs, ARNs), and those that the company does."""

from __future__ import annotations

from siemlab.simulate.world import World

__all__ = [
    "ALARMS",
    "DOMAINS",
    "HOME",
    "KEYS",
    "OWN_KEYS",
    "PARAMETERS",
    "QUEUES",
    "REPOSITORIES",
    "STACKS",
    "STREAMS",
    "TABLES",
    "TOPIC",
    "TOPICS",
    "key_arn",
    "secret_arn",
    "uuid_of",
]

HOME = "ap-northeast-1"
"""The region where the company works."""

# What the accounts have that no other module knows of.
PARAMETERS = {
    "sz-prod": ("booking/db-endpoint", "booking/feature-flags", "payment/endpoint", "mail/relay"),
    "sz-dev": ("booking/db-endpoint", "booking/feature-flags", "ci/registry", "ci/channel"),
    "sz-security": ("siem/endpoint", "siem/alert-topic"),
}
KEYS = ("aws/ebs", "aws/rds", "aws/ssm", "aws/lambda", "aws/secretsmanager")
OWN_KEYS = {"sz-prod": ("sz-customer-vip",), "sz-security": ("sz-log-archive",)}
TABLES = {"sz-prod": ("sz-prod-sessions", "sz-prod-image-jobs"), "sz-dev": ("sz-dev-sessions",)}
ALARMS = ("cpu-high", "status-check", "disk-used", "5xx-rate", "db-connections", "lambda-errors")
TOPIC = "arn:aws:sns:{region}:{id}:{}"
TOPICS = {"sz-prod": ("sz-alerts", "sz-bookings"), "sz-dev": ("sz-dev-builds",)}
QUEUES = {"sz-prod": ("sz-prod-mail", "sz-prod-mail-dead"), "sz-dev": ("sz-dev-jobs",)}
REPOSITORIES = {"sz-dev": ("sz/booking-web", "sz/booking-worker", "sz/base")}
STACKS = {
    "sz-security": ("aes-siem",),
    "sz-prod": ("sz-guardrails",),
    "sz-dev": ("sz-guardrails", "sz-dev-pr-check"),
    "sz-management": ("sz-guardrails-org",),
}
STREAMS = {"sz-security": ("aes-siem-firehose-config-rules", "aes-siem-firehose-securityhub")}
DOMAINS = {"sz-security": ("aes-siem",)}


def uuid_of(world: World, *names: str | int) -> str:
    """Return the UUID that something bears for good."""
    text = world.ids.hexes(32, "uuid", *names)
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def key_arn(world: World, account: str, alias: str, region: str = HOME) -> str:
    """Return the ARN of a KMS key.

    Parameters
    ----------
    world
        The world.
    account
        The account's name.
    alias
        Its alias without ``alias/``: ``aws/secretsmanager``, ``sz-log-archive``.
    region
        Where it is.
    """
    number = uuid_of(world, "kms", account, alias, region)
    return f"arn:aws:kms:{region}:{world.account(account)}:key/{number}"


def secret_arn(world: World, name: str) -> str:
    """Return the ARN of a secret, with the six letters that Secrets Manager puts behind it."""
    secret = world.baseline.secrets[name]
    tail = world.rng("secret", name).letters(1, 6, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghkmnpqrstuvwxyz")
    account = world.account(secret.account)
    return f"arn:aws:secretsmanager:{secret.region}:{account}:secret:{name}-{tail[0]}"
