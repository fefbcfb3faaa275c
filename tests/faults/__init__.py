"""What the pipeline does when the world breaks: docs/faults.md has a line for each test."""
