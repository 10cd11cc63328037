"""The one door for notebooks."""
