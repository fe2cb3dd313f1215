"""The bank: every program kept, as a row of ids."""
