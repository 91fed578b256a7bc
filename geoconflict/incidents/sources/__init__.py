"""One file a source, almost all of it data; a file here is found by being here.

Each file has ``SOURCES``, a tuple of ``Source`` values. To add a source, add a file, a sample
in ``tests/data/incidents`` and its name in ``tests/incidents/test_sources.py``.
"""
