"""A report's gates as text: lines for a terminal, Markdown for a review, JUnit and JSON for programs."""
