"""The command line: the stages as services, the tools around them, and the demo."""
