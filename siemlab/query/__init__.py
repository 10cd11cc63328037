"""The value a learner builds: index pattern, time range, include/exclude, query_string text."""
