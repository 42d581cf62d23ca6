"""Reads a PDF: its characters with their boxes, its ruling lines, and its scanned pages through recognition."""

from luoshi.papers.pdf.reading import count_pages, page_image, read_pdf

__all__ = ["count_pages", "page_image", "read_pdf"]
