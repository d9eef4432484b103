"""One CSV file with all customers: what is read, what would change, what is written; every problem with its place."""

from pathlib import Path

import pytest

from plugin.contract.policy import Quantity
from plugin.contract.tables import Table
from plugin.mappings.customers import Imported, read_customers
from plugin.mappings.edit import NotWritten
from plugin.mappings.imports import Change, ChangeKind, changes, present_files, tried, write
from plugin.mappings.load import load, read
from plugin.mappings.problem import Report
from tests.plugin.mappings.broken import copy_of_shipped, replaced

HEADER = "customer,name,organization_ids,organizations,domains,terms,product,tier,licenses,free,from,to,contacts\n"
AURORA = (
    "aurora-robotics,Aurora Robotics,11,Aurora Robotics,aurora-robotics.example,2024-04-01 to 2034-03-31,"
    "expecco,Gold,4,,,,Mira Castellan <mira.castellan@aurora-robotics.example>; "
    "Jonas Feld <jonas.feld@aurora-robotics.example>\n"
    "aurora-robotics,,,,,,ALM,premium,2,,,,\n"
)
ECHO = (
    "echo-bakery,Echo Bakery,15,Echo Bakery,echo-bakery.example,2027-01-01 to 2027-12-31; 2028-01-01 to 2028-12-31,"
    'expecco,silver,2,no,,2027-06-30,"Ada Brot <ada@echo-bakery.example> <a.brot@echo-bakery.example> to 2027-06-30; '
    'Cleo Korn [5b10a28] from 2027-07-01"\n'
)


class Site:
    """A copy of the shipped mapping files, and what an import makes of it."""

    def __init__(self, folder: Path) -> None:
        self.directory = copy_of_shipped(folder)
        self.problems: tuple[str, ...] = ()

    def imported(self, content: str, *, remove: bool = False) -> tuple[Imported, ...]:
        report = Report()
        reading = read(self.directory, Report(), None)
        assert reading.mappings is not None
        limits: Table[Quantity] = reading.mappings.policy.contact_limits
        present = present_files(self.directory)
        found = read_customers("all.csv", content.encode(), present, reading.words, limits, report, remove=remove)
        self.problems = tuple(map(str, report.problems))
        return found

    def changes(self, content: str) -> dict[str, Change]:
        """Of the customers that the content names."""
        imported = self.imported(content)
        assert self.problems == ()
        words = read(self.directory, Report(), None).words
        found = changes(self.directory, present_files(self.directory), imported, words)
        return {each.customer: each for each in found if each.kind is not ChangeKind.REMOVED}

    def written(self, content: str, customer: str) -> str:
        """Write the changes; the customer's file."""
        found = self.changes(content)
        assert [each for each in tried(self.directory, found.values()).problems if "examples/" not in each.file] == []
        write(self.directory, list(found.values()))
        assert load(self.directory).problems == ()
        return (self.directory / "agreements" / f"{customer}.yaml").read_text("utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_is_there_already_changes_nothing_however_it_is_spelled(site: Site) -> None:
    assert site.changes(HEADER + AURORA) == {}


def test_a_customer_that_is_not_in_the_file_is_told(site: Site) -> None:
    words = read(site.directory, Report(), None).words
    found = changes(site.directory, present_files(site.directory), site.imported(HEADER + AURORA), words)
    assert [(each.customer, each.kind) for each in found] == [
        (customer, ChangeKind.REMOVED) for customer in ("brennhaus-medical", "cobalt-rail", "delta-foundry")
    ]


def test_every_difference_is_told_field_by_field(site: Site) -> None:
    changed = (
        AURORA.replace("Gold,4", "advanced,5")
        .replace("ALM,premium,2,,,,", "ALM,advanced,2,,,2027-03-31,")
        .replace("Jonas Feld <jonas.feld@aurora-robotics.example>", "Pia Lindqvist <pia@aurora-robotics.example>")
        .replace("<mira.castellan@aurora-robotics.example>", "<mira.castellan@aurora-robotics.example> <mc@a.example>")
        .replace("2024-04-01 to 2034-03-31", "2024-04-01 to 2035-03-31")
        .replace("aurora-robotics.example,2024", "aurora-robotics.example;a.example,2024")
        .replace("Aurora Robotics,11,", "Aurora Robotics AG,11,")
    )
    assert site.changes(HEADER + changed)["aurora-robotics"].differences == (
        "name: Aurora Robotics -> Aurora Robotics AG",
        "domains: aurora-robotics.example -> aurora-robotics.example, a.example",
        "term from 2024-04-01: to: 2034-03-31 -> 2035-03-31",
        "entitlement expecco: tier: premium -> advanced",
        "entitlement expecco: licenses: 4 -> 5",
        "entitlement expecco-alm: tier: premium -> advanced",
        "entitlement expecco-alm: to: nothing -> 2027-03-31",
        "contact Mira Castellan: e-mail: mira.castellan@aurora-robotics.example -> "
        "mira.castellan@aurora-robotics.example, mc@a.example",
        "contact Jonas Feld: removed",
        "contact Pia Lindqvist: added (e-mail pia@aurora-robotics.example)",
    )


def test_a_changed_file_keeps_its_comments_and_what_the_columns_do_not_name(site: Site) -> None:
    file = "agreements/aurora-robotics.yaml"
    before = replaced(
        site.directory, file, "  - {product: expecco, tier", "  # the test benches\n  - {product: expecco, tier"
    )
    assert "appointments:" in before
    row = "packages:\n  - {bought: 2026-10-01, credits: 20, expires: 2027-03-31}\n"
    (site.directory / file).write_text(before + row, "utf-8")
    after = site.written(HEADER + AURORA.replace("Gold,4", "Gold,6"), "aurora-robotics")
    assert after == before.replace("licenses: 4", "licenses: 6") + row


def test_a_new_customer_gets_a_file_like_the_shipped_ones(site: Site) -> None:
    assert site.written(HEADER + ECHO, "echo-bakery") == (
        "# yaml-language-server: $schema=../schema/agreements.schema.json\n"
        "name: Echo Bakery\n"
        "match: {organization_ids: [15], organizations: [Echo Bakery], domains: [echo-bakery.example]}\n"
        "\n"
        "terms:\n"
        "  - {from: 2027-01-01, to: 2027-12-31}\n"
        "  - {from: 2028-01-01, to: 2028-12-31}\n"
        "\n"
        "entitlements:\n"
        "  - {product: expecco, tier: silver, licenses: 2, free: no, to: 2027-06-30}\n"
        "\n"
        "named_contacts:\n"
        "  - {name: Ada Brot, emails: [ada@echo-bakery.example, a.brot@echo-bakery.example], to: 2027-06-30}\n"
        "  - {name: Cleo Korn, account: 5b10a28, from: 2027-07-01}\n"
    )
    assert site.changes(HEADER + ECHO) == {}


def test_a_customer_whose_name_looks_like_a_number_stays_a_name(site: Site) -> None:
    text = site.written(HEADER + ECHO.replace("echo-bakery,Echo Bakery,15", "echo-bakery,4711,15"), "echo-bakery")
    assert "\nname: '4711'\n" in text


def test_columns_of_the_match_that_are_left_out_change_nothing(site: Site) -> None:
    header = "customer,name,terms,product,tier,licenses,contacts\n"
    row = "cobalt-rail,Cobalt Rail,2023-10-01 to 2033-09-30,expecco,basic,7,Yusuf Adeyemi <yusuf.adeyemi@"
    row += "cobalt-rail.example>"
    assert site.changes(header + row)["cobalt-rail"].differences == ("entitlement expecco: licenses: 3 -> 7",)


def test_a_removed_customer_loses_its_file(site: Site) -> None:
    gone = Change("delta-foundry", ChangeKind.REMOVED, (), None)
    assert {each.file for each in tried(site.directory, [gone]).problems} == {"examples/agreements.yaml"}
    assert (site.directory / gone.name).exists(), "it is tried on a copy"
    write(site.directory, [gone])
    assert not (site.directory / gone.name).exists()


def test_a_write_that_breaks_off_leaves_the_files_as_they_were(site: Site) -> None:
    before = {path: path.read_bytes() for path in (site.directory / "agreements").iterdir()}
    good = next(iter(site.changes(HEADER + AURORA.replace("Gold,4", "Gold,6")).values()))
    (site.directory / "agreements" / ".zulu.yaml.new").mkdir()
    with pytest.raises(NotWritten, match=r"zulu"):
        write(site.directory, [good, Change("zulu", ChangeKind.ADDED, (), b"name: Zulu")])
    (site.directory / "agreements" / ".zulu.yaml.new").rmdir()
    assert {path: path.read_bytes() for path in (site.directory / "agreements").iterdir()} == before


BAKERY = (
    "echo-bakery,Echo Bakery,15,Echo,echo.example,2027-01-01 to 2027-12-31,expecco,silver,2,,,,Ada <ada@echo.example>\n"
)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "",
            "all.csv:1:1: the first line names no column; expected some of customer, name, organization_ids, "
            "organizations, domains, terms, product, tier, licenses, free, from, to, contacts",
        ),
        (
            HEADER.replace("terms,product,", ""),
            "all.csv:1:1: columns that are missing: terms, product; expected in the first line",
        ),
        (
            HEADER.replace("organizations", "organisations"),
            "all.csv:1:32: unknown column organisations; expected customer, name, organization_ids, organizations, "
            "domains, terms, product, tier, licenses, free, from, to, contacts (nearest: organizations)",
        ),
        (HEADER.replace("free", "tier"), "all.csv:1:68: column tier is there 2 times; keep one"),
        (
            HEADER + BAKERY.replace("echo-bakery", "Echo"),
            "all.csv:2:1: customer: Echo cannot be a name; expected small letters, digits, - and _, such as echo",
        ),
        (
            HEADER + BAKERY.replace(" to ", " bis "),
            "all.csv:2:46: terms: 2027-01-01 bis 2027-12-31 is not understood; expected spans such as 2027-01-01 to "
            "2027-12-31, with ; between",
        ),
        (
            HEADER + BAKERY.replace("Ada <", "Ada "),
            "all.csv:2:91: contacts: Ada ada@echo.example> is not understood; expected people such as Ada Brot "
            "<ada@echo-bakery.example>, with ; between",
        ),
        (
            HEADER + BAKERY.replace("silver", "silber"),
            "all.csv:2:79: tier: there is no tier silber; expected premium, advanced or basic",
        ),
        (
            HEADER + BAKERY.replace("silver,2", "silver,two"),
            "all.csv:2:86: licenses: two is not understood; expected a whole number from 1 on",
        ),
        (
            HEADER + BAKERY.replace("echo-bakery", "Käse & Öl AG").replace(",15,", ",,"),
            "all.csv:2:1: customer: Käse & Öl AG cannot be a name; expected small letters, digits, - and _, such as "
            "kase-ol-ag",
        ),
        (
            HEADER + BAKERY.replace("echo-bakery", ""),
            "all.csv:2:1: customer: nothing cannot be a name; expected small letters, digits, - and _",
        ),
        (
            HEADER + BAKERY.replace(",2,,,,", ",,,,,"),
            "all.csv:2:86: licenses: is empty; expected a whole number from 1 on",
        ),
        (HEADER + BAKERY.replace("Echo Bakery,", ","), "all.csv:2:13: name: is empty; expected a text"),
        (
            HEADER + BAKERY.replace("2027-01-01 to 2027-12-31", ""),
            "all.csv:2:46: terms: nothing is given in any row of this customer; expected spans such as 2027-01-01 to "
            "2027-12-31, with ; between",
        ),
        (
            HEADER + BAKERY.replace("Ada <ada@echo.example>", ""),
            "all.csv:2:91: contacts: nothing is given in any row of this customer; expected people such as Ada Brot "
            "<ada@echo-bakery.example>, with ; between",
        ),
        (
            HEADER + BAKERY + "echo-bakery,,,,,,expecco,silver,2,,,,\n",
            "all.csv:3:1: this row says again what line 2 says; remove one, or add the licences up",
        ),
        (
            HEADER + BAKERY.replace(",Echo,", ",Aurora Robotics,"),
            "all.csv:2:28: Aurora Robotics is already matched by aurora-robotics in agreements/aurora-robotics.yaml:3; "
            "keep it in one agreement",
        ),
        (
            HEADER + BAKERY + "echo-bakery,Echo Ltd,,,,,ALM,silver,1,,,,\n",
            "all.csv:3:13: name: line 2 says something else of this customer; say the same, or leave it empty",
        ),
        (
            HEADER + BAKERY.replace("ada@echo.example>", "ada@echo.example>,more"),
            "all.csv:2:114: more stands in no column; the first line names 13",
        ),
        (
            HEADER + BAKERY + BAKERY.replace("echo-bakery", "echo-two").replace(",15,", ",16,").replace("Echo,", "E,"),
            "all.csv:3:27: echo.example is already matched by echo-bakery in all.csv:2; keep it in one agreement",
        ),
    ],
)
def test_a_problem_is_told_with_the_line_and_column_of_its_cell(site: Site, content: str, problem: str) -> None:
    site.imported(content)
    assert problem in site.problems


def test_every_problem_is_told_at_once(site: Site) -> None:
    site.imported(HEADER + BAKERY.replace("silver,2", "silber,0") + "cobalt-rail,,,,,,expeco,,x,,,,\n")
    assert {problem.split(":")[1] for problem in site.problems} == {"2", "3"}
    assert len(site.problems) >= 5


ONCE = {
    "a header that is nearly right": HEADER.replace("contacts", "contact"),
    "a list that cannot be read": HEADER + BAKERY.replace(" to 2027", " bis 2027"),
    "people that cannot be read": HEADER + BAKERY.replace("Ada <", "Ada "),
    "a cell without a number": HEADER + BAKERY.replace(",2,,,,", ",,,,,"),
    "no contacts": HEADER + BAKERY.replace("Ada <ada@echo.example>", ""),
    "no header": BAKERY,
}


@pytest.mark.parametrize("content", ONCE.values(), ids=list(ONCE))
def test_one_mistake_is_one_problem(site: Site, content: str) -> None:
    site.imported(content)
    assert len(site.problems) == 1


def test_a_row_that_ends_early_is_no_worse_than_empty_cells(site: Site) -> None:
    site.imported("name,terms,product,tier,licenses,contacts,customer\nEcho Bakery\n")
    assert site.problems == (
        "all.csv:2:1: customer: nothing cannot be a name; expected small letters, digits, - and _",
    )


def test_what_a_customer_is_matched_by_is_free_when_that_one_is_removed(site: Site) -> None:
    content = HEADER + BAKERY.replace(",Echo,", ",Aurora Robotics,")
    assert [each.customer for each in site.imported(content, remove=True)] == ["echo-bakery"]
    assert site.problems == ()


def test_a_new_customer_is_told_with_what_its_file_will_say(site: Site) -> None:
    assert site.changes(HEADER + ECHO)["echo-bakery"].differences == (
        "name: Echo Bakery",
        "organization_ids: 15",
        "organizations: Echo Bakery",
        "domains: echo-bakery.example",
        "term from 2027-01-01: to 2027-12-31",
        "term from 2028-01-01: to 2028-12-31",
        "entitlement expecco: tier advanced, licenses 2, to 2027-06-30",
        "contact Ada Brot: e-mail ada@echo-bakery.example, a.brot@echo-bakery.example, to 2027-06-30",
        "contact Cleo Korn from 2027-07-01: account 5b10a28",
    )
