"""Line drawings instead of photographs: they show no people and need no download and no credit.

`draw(name)` returns a picture as PNG bytes, the same every time.
"""

import io
import math

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 800
# Drawn at twice the size and reduced, for smooth slanted lines.
SCALE = 2
PAPER, SAND, LAPIS, BRICK = "#fbf9f4", "#ece4d3", "#1f4e79", "#9a3b26"
LINE = 6


class Sheet:
    """A drawing surface of 1200 × 800 with the origin in the upper left corner."""

    def __init__(self):
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
        self.pen = ImageDraw.Draw(self.image)

    def line(self, *points, colour=LAPIS, width=LINE):
        self.pen.line(
            [(x * SCALE, y * SCALE) for x, y in points], fill=colour, width=width * SCALE, joint="curve"
        )

    def area(self, *points, colour=SAND):
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def arch(self, centre, foot, radius, height, colour=LAPIS, width=LINE):
        """Two vertical lines joined by a half circle; `height` is that of the vertical lines."""
        spring = foot - height
        points = [(centre - radius, foot)]
        points += [
            (centre - radius * math.cos(math.pi * step / 48), spring - radius * math.sin(math.pi * step / 48))
            for step in range(49)
        ]
        self.line(*points, (centre + radius, foot), colour=colour, width=width)

    def png(self):
        stream = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.LANCZOS).save(stream, "PNG", optimize=True)
        return stream.getvalue()


def gate(sheet):
    sheet.area((0, 640), (WIDTH, 640), (WIDTH, HEIGHT), (0, HEIGHT))
    for side in (-1, 1):
        near, far = 600 + side * 170, 600 + side * 340
        sheet.line((near, 640), (near, 200), (far, 200), (far, 640))
        for place in range(5):
            x = near + side * place * 34
            sheet.line((x, 200), (x, 160), (x + side * 17, 160), (x + side * 17, 200), width=4)
    for radius in (100, 130, 160):
        sheet.arch(600, 640, radius, 240, colour=BRICK if radius == 100 else LAPIS, width=5)
    sheet.line((0, 640), (WIDTH, 640))


def arcade(sheet):
    sheet.area((0, 660), (WIDTH, 660), (WIDTH, HEIGHT), (0, HEIGHT))
    for place in range(6):
        centre = 100 + place * 200
        sheet.arch(centre, 660, 78, 270)
        sheet.arch(centre, 660, 54, 270, colour=BRICK if place == 2 else LAPIS, width=3)
    for level in (250, 230, 170):
        sheet.line((0, level), (WIDTH, level), width=4)
    sheet.line((0, 660), (WIDTH, 660))


def river(sheet):
    def bank(level, swing, phase):
        return [(x, level + swing * math.sin(x / 190 + phase)) for x in range(0, WIDTH + 1, 10)]

    upper, lower = bank(420, 40, 0.4), bank(640, 46, 0.9)
    sheet.area(*upper, *reversed(lower))
    sheet.line(*upper)
    sheet.line(*lower)
    for level in (480, 530, 580):
        sheet.line(*bank(level, 42, 0.6), colour=LAPIS, width=2)
    for x, height in ((210, 190), (300, 240), (930, 220)):
        sheet.line((x, 410), (x, 410 - height), width=5)
        for turn in range(-3, 4):
            angle = math.radians(turn * 26)
            reach = 70 * math.sin(angle), 70 * math.cos(angle) - 30
            sheet.line((x, 410 - height), (x + reach[0], 410 - height - reach[1]), width=4)


def bridge(sheet):
    sheet.area((0, 600), (WIDTH, 600), (WIDTH, HEIGHT), (0, HEIGHT))
    for place in range(4):
        sheet.arch(150 + place * 300, 600, 130, 40)
    sheet.line((0, 400), (WIDTH, 400), width=8)
    sheet.line((0, 370), (WIDTH, 370), width=3)
    for x in range(20, WIDTH, 40):
        sheet.line((x, 370), (x, 400), width=3)
    for level in (640, 690, 740):
        sheet.line((80, level), (WIDTH - 80, level), width=3)
    sheet.line((560, 370), (560, 250), (640, 250), (640, 370), colour=BRICK, width=5)


def mountains(sheet):
    ranges = [((0, 560), (180, 330), (330, 470), (540, 210), (720, 430), (900, 280), (WIDTH, 520))]
    ranges.append(((0, 680), (260, 520), (480, 640), (760, 480), (980, 610), (WIDTH, 540)))
    for number, points in enumerate(ranges):
        sheet.area(*points, (WIDTH, HEIGHT), (0, HEIGHT), colour=SAND if number else "#f3ede0")
        sheet.line(*points)
    sheet.line((540, 210), (585, 300), (545, 330), (600, 400), colour=BRICK, width=4)


def grid(sheet):
    for place in range(1, 12):
        sheet.line((place * 100, 90), (place * 100, 710), colour=SAND, width=3)
    for place in range(1, 8):
        sheet.line((60, place * 100 - 10), (WIDTH - 60, place * 100 - 10), colour=SAND, width=3)
    heights = (180, 260, 230, 340, 300, 410, 380, 470)
    for place, height in enumerate(heights):
        x = 150 + place * 120
        colour = BRICK if place == len(heights) - 1 else LAPIS
        sheet.line((x, 690), (x, 690 - height), (x + 60, 690 - height), (x + 60, 690), colour=colour, width=5)
    sheet.line((60, 690), (WIDTH - 60, 690))


DRAWINGS = {
    "arcade": ("رسم: الرواق", arcade),
    "bridge": ("رسم: الجسر", bridge),
    "gate": ("رسم: البوابة", gate),
    "grid": ("رسم: الأعمدة البيانية", grid),
    "mountains": ("رسم: الجبال", mountains),
    "river": ("رسم: النهر", river),
}


def draw(name):
    """The drawing with this name as PNG bytes. KeyError for an unknown name."""
    _title, draw_on = DRAWINGS[name]
    sheet = Sheet()
    draw_on(sheet)
    return sheet.png()


def title(name):
    return DRAWINGS[name][0]
