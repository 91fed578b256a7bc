"""Open, read and write files: the only room that does, with limits on what a file may hold."""

from geoconflict.io.atomic import whole_file, write_text
from geoconflict.io.open import Limits, Opened, open_input
from geoconflict.io.table import ParseIssue, RawTable
from geoconflict.io.vector import read_vector

__all__ = ["Limits", "Opened", "ParseIssue", "RawTable", "open_input", "read_vector", "whole_file", "write_text"]
