"""Dashboards as code: a readable source, compiled to Kibana's saved objects, checked, and tried on Elasticsearch."""

from console.kibana.check import Problem, check
from console.kibana.objects import Object, compiled, lines, read
from console.kibana.source import Source, load

__all__ = ["Object", "Problem", "Source", "check", "compiled", "lines", "load", "read"]
