"""Write tables as layers that other programs read."""
