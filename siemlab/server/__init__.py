"""Starts and stops a real OpenSearch on this machine."""
