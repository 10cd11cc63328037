"""Raw object in, documents out, each with index name and id."""
