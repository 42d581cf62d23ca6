"""OFD (GB/T 33190), the national format of fixed-layout papers: its text, and its pages as pictures."""

from luoshi.papers.ofd.reading import read_ofd
from luoshi.papers.ofd.svg import page_svg

__all__ = ["page_svg", "read_ofd"]
