"""Names of places and countries: folding, gazetteers, country names, and the geocoder's cache."""
