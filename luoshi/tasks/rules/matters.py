"""Kinds of matter: where a task comes from decides its clocks and its nodes (domain handbook §1.2, §1.5)."""

from enum import StrEnum


class Matter(StrEnum):
    """文件部署, 会议议定, 领导批示, 热线诉求, 检查发现, 项目, 建议提案."""

    DOCUMENT = "document"
    MEETING = "meeting"
    REMARK = "remark"
    HOTLINE = "hotline"
    FINDING = "finding"
    PROJECT = "project"
    PROPOSAL = "proposal"


SOURCES = {"directive": Matter.DOCUMENT, "minutes": Matter.MEETING, "list": Matter.FINDING}


def matter_of(source: str) -> Matter:
    """The matter of what a paper of this kind asks: minutes hold decisions, a rectification list holds findings."""
    return SOURCES.get(source, Matter.DOCUMENT)
