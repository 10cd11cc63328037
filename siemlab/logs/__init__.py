"""One module per AWS log type: record shape, reader, S3 key, field map, finish step."""
