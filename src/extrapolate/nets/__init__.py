"""Nets and other models as they are examined: what they answer, their layers, attacks on them, pictures they look for.

`model` needs NumPy alone; all else needs PyTorch: `pip install 'extrapolate[nets]'`.
"""
