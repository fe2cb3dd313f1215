"""Laws: formulas for measurements, the second method."""
