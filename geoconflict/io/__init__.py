"""Open and write files: the only room that does, with limits on what a file may hold."""
