"""The moves of the search, one file each."""
