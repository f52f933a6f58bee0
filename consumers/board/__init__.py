"""What a page shows of a ward, apart from how it is drawn and where it comes from."""

from consumers.board.board import Board
from consumers.board.rows import Advice, AlertLine, PatientRow, ScoreLine, Vital

__all__ = ["Advice", "AlertLine", "Board", "PatientRow", "ScoreLine", "Vital"]
