"""What of one report is compared: its wording, its occasions, its media, and how rare what it says is."""
