"""The shipped site, and that nothing in it is known beforehand."""

from plugin.sandbox import Flavour, Site, seed


def test_no_field_or_option_id_is_the_same_on_two_sites() -> None:
    here, there = seed(first_field_id=10100), seed(first_field_id=30000)

    def ids(site: Site) -> set[str]:
        custom = [field for field in site.fields.values() if field.custom]
        return {field.id for field in custom} | {option.id for field in custom for option in field.options}

    assert not ids(here) & ids(there)
    assert here.field("Product").id != there.field("Product").id


def test_customers_belong_to_one_organization_and_agents_to_none() -> None:
    people = seed().people

    assert {len(person.organizations) for person in people if not person.agent} == {1}
    assert {person.organizations for person in people if person.agent} == {()}


def test_the_two_flavours_have_the_same_people_and_fields() -> None:
    assert seed(Flavour.CLOUD).people == seed(Flavour.DATACENTER).people
    assert seed(Flavour.CLOUD).fields == seed(Flavour.DATACENTER).fields
