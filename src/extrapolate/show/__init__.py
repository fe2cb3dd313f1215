"""Showing: results in the terminal and as data, programs as Python modules."""
