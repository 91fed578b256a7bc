"""The printed figure of a map. These modules import matplotlib; ``Map.figure`` imports them when called."""
