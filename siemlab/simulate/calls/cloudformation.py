"""Calls of CloudFormation.

Holes: ``change_set_arn``, ``stack`` (its name), ``stack_arn``, ``change_set``, ``template`` (its
address).
"""

from __future__ import annotations

from siemlab.simulate.call import Call, Fault
from siemlab.simulate.calls.making import Family
from siemlab.simulate.shapes import Hole

__all__ = [
    "CREATE_CHANGE_SET",
    "DESCRIBE_CHANGE_SET",
    "DESCRIBE_STACK",
    "DESCRIBE_STACKS",
    "DESCRIBE_STACK_EVENTS",
    "DESCRIBE_STACK_RESOURCES",
    "EXECUTE_CHANGE_SET",
    "GET_TEMPLATE",
    "GET_TEMPLATE_SUMMARY",
    "LIST_CHANGE_SETS",
    "LIST_STACKS",
    "LIST_STACK_RESOURCES",
    "LIST_STACK_SETS",
]

CLOUDFORMATION = Family(service="cloudformation")

_STACK = {"stackName": Hole("stack")}
ON_STACK = f"arn:aws:cloudformation:{Hole('region')}:{Hole('account')}:stack/{Hole('stack')}/*"
_MISSING = Fault("ValidationException", f"Stack with id {Hole('stack')} does not exist")


def _of_stack(name: str) -> Call:
    return CLOUDFORMATION(name, _STACK, on=ON_STACK, faults=(_MISSING,))


DESCRIBE_STACKS = CLOUDFORMATION("DescribeStacks")
DESCRIBE_STACK = _of_stack("DescribeStacks")
"""One stack by its name."""

DESCRIBE_STACK_EVENTS = _of_stack("DescribeStackEvents")
DESCRIBE_STACK_RESOURCES = _of_stack("DescribeStackResources")
GET_TEMPLATE = _of_stack("GetTemplate")
GET_TEMPLATE_SUMMARY = _of_stack("GetTemplateSummary")
LIST_CHANGE_SETS = _of_stack("ListChangeSets")
LIST_STACKS = CLOUDFORMATION("ListStacks", {"stackStatusFilter": ["CREATE_COMPLETE"]})
LIST_STACK_RESOURCES = _of_stack("ListStackResources")
LIST_STACK_SETS = CLOUDFORMATION("ListStackSets", {"status": "ACTIVE"})

_CHANGE = {"stackName": Hole("stack"), "changeSetName": Hole("change_set")}
CREATE_CHANGE_SET = CLOUDFORMATION(
    "CreateChangeSet",
    {
        **_CHANGE,
        "changeSetType": "UPDATE",
        "templateURL": Hole("template"),
        "capabilities": ["CAPABILITY_IAM"],
        "description": "",
    },
    {"id": Hole("change_set_arn"), "stackId": Hole("stack_arn")},
    on=ON_STACK,
    faults=(_MISSING,),
)
DESCRIBE_CHANGE_SET = CLOUDFORMATION("DescribeChangeSet", _CHANGE, on=ON_STACK)
EXECUTE_CHANGE_SET = CLOUDFORMATION(
    "ExecuteChangeSet", {**_CHANGE, "clientRequestToken": Hole("client_token")}, on=ON_STACK
)
