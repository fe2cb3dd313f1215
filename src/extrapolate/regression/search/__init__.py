"""Formulas for measurements: a search over real columns, by least squares instead of equality."""
