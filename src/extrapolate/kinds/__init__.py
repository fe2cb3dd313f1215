"""The kinds of values, one file each."""
