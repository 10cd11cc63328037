"""siemlab."""
