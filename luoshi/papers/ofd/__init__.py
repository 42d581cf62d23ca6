"""OFD (GB/T 33190), the national format of fixed-layout papers: its text, and its pages as pictures."""

from luoshi.papers.ofd.reading import read_ofd

__all__ = ["read_ofd"]
