"""What passes between the parts: messages, topics, index mappings, JSON Schemas of every released version."""

from schemas.annotated import (
    AnnotatedArticle,
    Entity,
    EntityType,
    Salience,
    Setting,
    Signature,
    Span,
    Statement,
    StatementKind,
)
from schemas.article import (
    CleanArticle,
    FeedFacts,
    ImportedArticle,
    Outlet,
    OutletKind,
    RawArticle,
    Seq,
    SkippedArticle,
    SkipReason,
)
from schemas.decision import Confidence, Decision, Evidence, Part, RemarkUse, Role, Source
from schemas.group_tables import Entry, Said
from schemas.grouped import GroupedReport, Occasion, Remark, Story, StoryRemark
from schemas.message import Headers, Message, Model, epoch_ms, header, headers_of, latest_moment
from schemas.operations import Forgotten, Generation, Handled, StageName, StartName
from schemas.outlet_profile import OutletProfile
from schemas.override import Override, Ruling
from schemas.report import ANY, Context, Mark, Report, report_id

__all__ = [
    "ANY",
    "AnnotatedArticle",
    "CleanArticle",
    "Confidence",
    "Context",
    "Decision",
    "Entity",
    "EntityType",
    "Entry",
    "Evidence",
    "FeedFacts",
    "Forgotten",
    "Generation",
    "GroupedReport",
    "Handled",
    "Headers",
    "ImportedArticle",
    "Mark",
    "Message",
    "Model",
    "Occasion",
    "Outlet",
    "OutletKind",
    "OutletProfile",
    "Override",
    "Part",
    "RawArticle",
    "Remark",
    "RemarkUse",
    "Report",
    "Role",
    "Ruling",
    "Said",
    "Salience",
    "Seq",
    "Setting",
    "Signature",
    "SkipReason",
    "SkippedArticle",
    "Source",
    "Span",
    "StageName",
    "StartName",
    "Statement",
    "StatementKind",
    "Story",
    "StoryRemark",
    "epoch_ms",
    "header",
    "headers_of",
    "latest_moment",
    "report_id",
]
