"""Who may inspect, what a plan needs, how lots are drawn, and the days of objection and review: pure rules."""
