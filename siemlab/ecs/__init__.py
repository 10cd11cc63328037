"""Which field exists, its type (ip, keyword, text, date, long...), as the SIEM maps it."""
