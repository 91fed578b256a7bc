"""Write tables as layers that other programs read."""

from geoconflict.export.vector import to_geojson, write, write_rows

__all__ = ["to_geojson", "write", "write_rows"]
