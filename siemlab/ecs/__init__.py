"""Which field exists, its type (ip, keyword, text, date, long...), as the SIEM maps it."""

__all__: list[str] = []  # its fields lie in template.json, which `store` reads
