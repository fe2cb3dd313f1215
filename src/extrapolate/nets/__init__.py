"""Nets and other models as they are examined: what they answer, their layers, attacks on them, pictures they look for.

`model`, `square` and `word` need NumPy alone; all else needs PyTorch: `pip install 'extrapolate[nets]'`.
"""

from extrapolate.nets.word import perceive as perceive
