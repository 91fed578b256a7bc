"""One file per source, consisting mostly of data. Every module in this folder is loaded.

Each module has ``SOURCES``, a tuple of ``Source``. To add a source, add a module, a sample in
``tests/data/incidents/sources`` and its name in ``tests/incidents/test_sources.py``.
"""
