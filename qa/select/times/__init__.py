"""When: days, weeks, years and times of the day, as questions, rows and entries say them, and which of them is asked for."""
