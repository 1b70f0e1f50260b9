"""Turns articles into searchable passages. Knows nothing of questions, prompts or screens."""
