"""Letters: one Markdown file each, from facts to subject, text and HTML that say the same."""
