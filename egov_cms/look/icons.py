"""The icons of the suite as inline SVG paths on a 24-unit square: no icon font, no request for a sprite."""

# Name: SVG path. Icons that point in the direction of the text (`MIRRORED`) are mirrored in right-to-left pages.
PATHS = {
    "back": "M15 5l-7 7 7 7",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "check": "M5 13l4 4L19 7",
    "clock": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
    "close": "M6 6l12 12M18 6L6 18",
    "crest": "M4 21V10l4-4h8l4 4v11zM9 21v-6a3 3 0 016 0v6M4 12h3M17 12h3",
    "download": "M12 3v12M7 10l5 5 5-5M4 20h16",
    "external": "M14 4h6v6M20 4l-9 9M10 5H4v15h15v-6",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6",
    "forward": "M9 5l7 7-7 7",
    "info": "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7v.5",
    "mail": "M3 5h18v14H3zM3 6l9 7 9-7",
    "person": "M12 4a4 4 0 100 8 4 4 0 000-8zM4 21c0-5 4-7 8-7s8 2 8 7",
    "phone": "M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c0 1-1 2-2 2C10 21 3 14 3 5c0-1 1-2 2-2z",
    "pin": "M12 21c-4-5-7-8-7-12a7 7 0 0114 0c0 4-3 7-7 12zM12 6.5a2.500 2.500 0 100 5 2.500 2.500 0 000-5z",
    "play": "M7 4l13 8-13 8z",
    "print": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "rss": "M5 19v-.5M5 12a7 7 0 017 7M5 5a14 14 0 0114 14",
    "search": "M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM15.500 15.500L21 21",
    "share": "M12 15V3M8 7l4-4 4 4M6 11H4v10h16V11h-2",
    "stop": "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7v6M12 16v.5",
    "warning": "M12 3L2 20h20zM12 10v5M12 17v.5",
}
MIRRORED = {"back", "forward", "external", "file"}
