"""Engines: programs as expressions of a library or a database that works on whole columns, a file each."""
