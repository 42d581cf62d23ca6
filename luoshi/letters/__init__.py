"""Official letters (文书): numbered per organisation and year, filled, approved, issued and kept as issued; not what they say."""
