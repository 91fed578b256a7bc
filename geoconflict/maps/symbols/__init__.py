"""Obstacle graphics and point symbols in the manner of APP-6."""
