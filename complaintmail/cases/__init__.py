"""What follows? A case's facts and the four modules that decide; pure, `now` is an argument."""
