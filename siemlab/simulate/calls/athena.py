"""Calls of Athena and of the Glue catalog, with which the access logs are read.

Holes: ``workgroup``, ``query`` (SQL), ``execution`` (an id), ``database``, ``table``, ``bucket``.
"""

from __future__ import annotations

from siemlab.simulate.call import Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "GET_DATABASE",
    "GET_DATABASES",
    "GET_PARTITIONS",
    "GET_QUERY_EXECUTION",
    "GET_QUERY_RESULTS",
    "GET_TABLE",
    "GET_TABLES",
    "GET_WORK_GROUP",
    "LIST_DATA_CATALOGS",
    "LIST_QUERY_EXECUTIONS",
    "LIST_WORK_GROUPS",
    "START_QUERY_EXECUTION",
]

ATHENA = Family(service="athena")
GLUE = Family(service="glue")

_EXECUTION = {"queryExecutionId": Hole("execution")}

GET_QUERY_EXECUTION = ATHENA(
    "GetQueryExecution",
    _EXECUTION,
    faults=(Fault("InvalidRequestException", f"QueryExecution {Hole('execution')} was not found"),),
)
GET_QUERY_RESULTS = ATHENA("GetQueryResults", {**_EXECUTION, "maxResults": 1000})
GET_WORK_GROUP = ATHENA("GetWorkGroup", {"workGroup": Hole("workgroup")})
LIST_DATA_CATALOGS = ATHENA("ListDataCatalogs", {"maxResults": 50})
LIST_QUERY_EXECUTIONS = ATHENA(
    "ListQueryExecutions", {"workGroup": Hole("workgroup"), "maxResults": 50}
)
LIST_WORK_GROUPS = ATHENA("ListWorkGroups", {"maxResults": 50})
START_QUERY_EXECUTION = ATHENA(
    "StartQueryExecution",
    {
        "queryString": Hole("query"),
        "clientRequestToken": Hole("client_token"),
        "queryExecutionContext": {"database": Hole("database")},
        "resultConfiguration": {"outputLocation": f"s3://{Hole('bucket')}/athena/"},
        "workGroup": Hole("workgroup"),
    },
    _EXECUTION,
    defaults={"workgroup": "primary"},
)

_DATABASE = {"databaseName": Hole("database")}
_TABLE = {**_DATABASE, "tableName": Hole("table")}
_MISSING = Fault("EntityNotFoundException", f"Database {Hole('database')} not found.")

GET_DATABASE = GLUE("GetDatabase", {"name": Hole("database")}, faults=(_MISSING,))
GET_DATABASES = GLUE("GetDatabases")
GET_PARTITIONS = GLUE("GetPartitions", _TABLE)
GET_TABLE = GLUE(
    "GetTable",
    {**_DATABASE, "name": Hole("table")},
    faults=(Fault("EntityNotFoundException", f"Table {Hole('table')} not found."),),
)
GET_TABLES = GLUE("GetTables", _DATABASE, faults=(_MISSING,))
