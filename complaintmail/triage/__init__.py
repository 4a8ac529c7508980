"""What is this mail, and whose? Pure: values in, reasoned verdicts out."""
