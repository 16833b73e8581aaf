"""What is wrong with the content, why it is, and how it is told."""
