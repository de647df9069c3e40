"""The page «glossary»."""
