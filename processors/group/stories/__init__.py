"""Stories: what their members have in common, and whether a report belongs to one."""
