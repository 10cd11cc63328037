"""Keeps documents and answers queries, one module per engine, its compiler inside."""
