"""The one door for notebooks."""

from siemlab.lab.answers import Buckets, FieldList, IndexList, NewestHits
from siemlab.lab.events import Events
from siemlab.lab.lab import Lab
from siemlab.lab.page import Page
from siemlab.lab.report import Report

__all__ = ["Buckets", "Events", "FieldList", "IndexList", "Lab", "NewestHits", "Page", "Report"]
