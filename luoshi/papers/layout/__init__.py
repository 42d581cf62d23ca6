"""Turns placed characters and ruling lines into lines, tables and paragraphs: one engine for PDF, OFD and scans."""

from luoshi.papers.layout.engine import lay_out
from luoshi.papers.layout.facts import Glyph, PageContent, Ruling

__all__ = ["Glyph", "PageContent", "Ruling", "lay_out"]
