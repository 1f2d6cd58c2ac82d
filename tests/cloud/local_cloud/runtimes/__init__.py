"""What runs in the local cloud: functions, jobs, state machines and what carries events between them."""
