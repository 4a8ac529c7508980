"""How the shipped weights are trained, and how well mails are told apart."""
