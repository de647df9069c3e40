"""The frame of every page: navigation, sidebar, notices."""

WORDS = {
    "Compare": "비교",
}
