// The review screen: source and proposals light each other (filled in by the directives room).
export {};
