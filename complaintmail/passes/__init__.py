"""One stage's turn each: collect, intake, chase, dispatch, settle, file evidence. They read like a paragraph."""
