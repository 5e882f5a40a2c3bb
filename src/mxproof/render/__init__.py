"""Reports, explanations and findings as text, Markdown and JSON; the only place that chooses layout."""
