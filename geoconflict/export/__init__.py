"""Export tables to files for other programs."""

from geoconflict.export.vector import to_geojson, write, write_rows

__all__ = ["to_geojson", "write", "write_rows"]
