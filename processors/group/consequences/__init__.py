"""What a decision changes in others, and the messages that tell all of it."""
