"""The moves of the search, one file each, in the order they are made."""

from extrapolate.search.move import Moves
from extrapolate.search.moves.backward import Backward
from extrapolate.search.moves.branch import Branch
from extrapolate.search.moves.cases import Cases
from extrapolate.search.moves.fits import Fits
from extrapolate.search.moves.forward import Forward
from extrapolate.search.moves.parts import Parts
from extrapolate.search.moves.pieces import Pieces
from extrapolate.search.moves.rules import Rules

MOVES: Moves = (Forward, Backward, Fits, Cases, Branch, Parts, Rules, Pieces)
