"""What a reader opens: the web map, the printed figure, files and reports."""
