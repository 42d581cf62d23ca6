"""Official letters (文书): numbered, filled, approved, issued and kept as issued; not what they say."""
