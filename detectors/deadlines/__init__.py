"""What D08 stands on: the table of clocks, how they run on a case, and the checks of case cards."""
