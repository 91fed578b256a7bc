"""One YAML file, one reproducible run: tables, map, figure, layers, summary, manifest."""

from __future__ import annotations

from geoconflict.project.load import read_project
from geoconflict.project.run import Built, build

__all__ = ["Built", "build", "read_project"]
