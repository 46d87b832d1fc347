"""The indicators of EN 15804 by their identifiers: one code for each, whatever a file calls it.

Facts of the InData identifier lists (EN 15804+A1, +A2 with EF 3.0, +A2 with EF 3.1, country-specific indicators;
InDataWG/ILCD-EPD-Data-Format, doc/identifiers) and of the key names of openEPD 8. A result is known by its UUID: names
differ from programme to programme, and some are wrong.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from epd.documents.units import UNITS, Unit


class Package(StrEnum):
    """The edition of indicators and characterisation factors that a result was computed with."""

    A1 = "EN 15804+A1"
    EF_30 = "EF 3.0"
    EF_31 = "EF 3.1"


class Group(StrEnum):
    """What an indicator speaks of, as the tables of EN 15804 divide them."""

    CORE = "core"
    ADDITIONAL = "additional"
    RESOURCE = "resource"
    WASTE = "waste"
    OUTPUT = "output"
    NATIONAL = "national"


FLOWS: Final = frozenset({Group.RESOURCE, Group.WASTE, Group.OUTPUT})
"""What ILCD writes as exchanges, not as results of a method."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of one or more packages; `uuid` is its method or flow data set."""

    code: str
    group: Group
    uuid: str
    packages: frozenset[Package]
    versions: Mapping[Package, str]
    """Of the method data set, where the list states one."""
    unit: Unit
    openepd: str
    """Its key in openEPD; empty where that has none."""


# Code, group, UUID, packages, version in EF 3.0 and in EF 3.1, unit, key in openEPD.
_TABLE: Final = """
GWP-total       core       a7ea142a-9749-11ed-a8fc-0242ac120002 3.1 -         01.00.000 kgCO2e          gwp
GWP-total       core       6a37f984-a4b3-458a-a20a-64418c145fa2 3.0 04.00.016 -         kgCO2e          gwp
GWP-fossil      core       a7ea19c0-9749-11ed-a8fc-0242ac120002 3.1 -         01.00.000 kgCO2e          gwp-fossil
GWP-fossil      core       5f635281-343e-44fb-83df-1971b155e6b6 3.0 01.00.008 -         kgCO2e          gwp-fossil
GWP-biogenic    core       a7ea186c-9749-11ed-a8fc-0242ac120002 3.1 -         01.00.000 kgCO2e          gwp-biogenic
GWP-biogenic    core       2356e1ab-0185-4db5-86e5-16de51c7485c 3.0 01.00.005 -         kgCO2e          gwp-biogenic
GWP-luluc       core       a7ea1ae2-9749-11ed-a8fc-0242ac120002 3.1 -         01.00.000 kgCO2e          gwp-luluc
GWP-luluc       core       4331bbdb-978a-490d-8707-eeb047f01a55 3.0 01.00.005 -         kgCO2e          gwp-luluc
ODP             core       b5c629d6-def3-11e6-bf01-fe55135034f3 A2  02.00.012 02.00.012 kgCFC11e        odp
AP              core       b5c611c6-def3-11e6-bf01-fe55135034f3 A2  01.03.009 01.04.000 molHe           ap
EP-freshwater   core       b53ec18f-7377-4ad3-86eb-cc3f4f276b2b A2  01.00.010 01.00.010 kgPe            ep-fresh
EP-marine       core       b5c619fa-def3-11e6-bf01-fe55135034f3 A2  02.00.010 02.00.010 kgNe            ep-marine
EP-terrestrial  core       b5c614d2-def3-11e6-bf01-fe55135034f3 A2  01.02.009 01.02.009 molNe           ep-terr
POCP            core       b5c610fe-def3-11e6-bf01-fe55135034f3 A2  02.00.013 02.01.000 kgNMVOCe        pocp
ADPE            core       b2ad6494-c78d-11e6-9d9d-cec0c932ce01 A2  01.00.010 01.00.010 kgSbe           ADP-mineral
ADPF            core       b2ad6110-c78d-11e6-9d9d-cec0c932ce01 A2  01.00.010 01.00.010 MJ              ADP-fossil
WDP             core       b2ad66ce-c78d-11e6-9d9d-cec0c932ce01 A2  03.00.014 03.00.014 m3AWARE         WDP
PM              additional b5c602c6-def3-11e6-bf01-fe55135034f3 A2  02.00.011 02.00.011 AnnualPerCapita PM
IRP             additional b5c632be-def3-11e6-bf01-fe55135034f3 A2  01.00.011 01.00.011 kBqU235e        IRP
ETP-fw          additional 05316e7a-b254-4bea-9cf0-6bf33eb5c630 3.1 -         01.00.000 CTUe            ETP-fw
ETP-fw          additional ee1082d1-b0f7-43ca-a1f0-21e2a4a74511 3.0 01.00.002 -         CTUe            ETP-fw
HTP-c           additional 2299222a-bbd8-474f-9d4f-4dd1f18aea7c A2  01.00.003 01.01.000 CTUh            HTP-c
HTP-nc          additional 7cfdcfcf-b222-4b26-888a-a55f9fbf7ac8 3.1 -         01.00.000 CTUh            HTP-nc
HTP-nc          additional 3af763a5-b7a1-48c9-9cee-1f223481fcef 3.0 01.00.002 -         CTUh            HTP-nc
SQP             additional b2ad6890-c78d-11e6-9d9d-cec0c932ce01 A2  01.00.010 01.00.010 Point           SQP
PERE            resource   20f32be5-0398-4288-9b6d-accddd195317 all -         -         MJ              pere
PERM            resource   fb3ec0de-548d-4508-aea5-00b73bf6f702 all -         -         MJ              perm
PERT            resource   53f97275-fa8a-4cdd-9024-65936002acd0 all -         -         MJ              pert
PENRE           resource   ac857178-2b45-46ec-892a-a9a4332f0372 all -         -         MJ              penre
PENRM           resource   1421caa0-679d-4bf4-b282-0eb850ccae27 all -         -         MJ              penrm
PENRT           resource   06159210-646b-4c8d-8583-da9b3b95a6c1 all -         -         MJ              penrt
SM              resource   c6a1f35f-2d09-4f54-8dfb-97e502e1ce92 all -         -         kg              sm
RSF             resource   64333088-a55f-4aa2-9a31-c10b07816787 all -         -         MJ              rsf
NRSF            resource   89def144-d39a-4287-b86f-efde453ddcb2 all -         -         MJ              nrsf
FW              resource   3cf952c8-f3a4-461d-8c96-96456ca62246 all -         -         m3              fw
HWD             waste      430f9e0f-59b2-46a0-8e0d-55e0e84948fc all -         -         kg              hwd
NHWD            waste      b29ef66b-e286-4afa-949f-62f1a7b4d7fa all -         -         kg              nhwd
RWD             waste      3449546e-52ad-4b39-b809-9fb77cea8ff6 all -         -         kg              rwd
CRU             output     a2b32f97-3fc7-4af2-b209-525bc6426f33 all -         -         kg              cru
MFR             output     d7fe48a5-4103-49c8-9aae-b0b5dfdbd6ae all -         -         kg              mfr
MER             output     59a9181c-3aaf-46ee-8b13-2b3723b6e447 all -         -         kg              mer
EEE             output     4da0c987-2b76-40d6-9e9e-82a017aaaf29 all -         -         MJ              ee
EET             output     98daf38a-7a79-46d3-9a37-2b7bd0955810 all -         -         MJ              eh
GWP             core       77e416eb-a363-4258-a04e-171d843a6460 A1  -         -         kgCO2e          -
ODP             core       06dcd26f-025f-401a-a7c1-5e457eb54637 A1  -         -         kgR11e          -
AP              core       b4274add-93b7-4905-a5e4-2e878c4e4216 A1  -         -         kgSO2e          -
EP              core       f58827d0-b407-4ec6-be75-8b69efb98a0f A1  -         -         kgPO4e          -
POCP            core       1e84a202-dae6-42aa-9e9d-71ea48b8be00 A1  -         -         kgC2H4e         -
ADPE            core       f7c73bb9-ab1a-4249-9c6d-379a0de6f67e A1  -         -         kgSbe           -
ADPF            core       804ebcdf-309d-4098-8ed8-fdaf2f389981 A1  -         -         MJ              -
GWP-GHG         national   fb774615-0575-45de-9a89-1ded92f19770 3.0 -         -         kgCO2e          GWP_GHG
GWP-GHG         national   e03c018f-8526-44bc-b5e4-bc03c3ab32f3 3.1 -         -         kgCO2e          GWP_GHG
RMI-fossil      national   1cf37565-0154-4f01-94e4-b4dcbf63b519 all -         -         kg              -
RMI-metals      national   755a42f4-bce4-4aaf-af9b-f6ffad4dabb8 all -         -         kg              -
RMI-minerals    national   eb2ad53a-874a-4c97-8017-fa2c06803b9f all -         -         kg              -
RMI-forestry    national   03ee44a1-0e8a-471e-a30d-6e779361dddf all -         -         kg              -
RMI-agriculture national   505188c3-77bb-4bcd-bb49-2f5f328aa372 all -         -         kg              -
RMI-fisheries   national   f88e175e-0cf6-49dc-9219-539d023a03d3 all -         -         kg              -
TMR-fossil      national   32200a68-5488-49d7-9e81-0e93c0f19cc1 all -         -         kg              -
TMR-metals      national   4be326ff-416b-400f-b835-472f33b4cf16 all -         -         kg              -
TMR-minerals    national   a9b02237-8034-49ee-850d-876dbe6e148d all -         -         kg              -
TMR-forestry    national   89c8b6c5-c525-4541-8dbd-211b8db1d3f0 all -         -         kg              -
TMR-agriculture national   25359720-f52a-4597-980d-3ff571bc2164 all -         -         kg              -
TMR-fisheries   national   5b6a0c3a-d0d3-49ff-811e-9816aa8c71f5 all -         -         kg              -
"""
_PACKAGES: Final[Mapping[str, frozenset[Package]]] = {
    "A1": frozenset({Package.A1}),
    "3.0": frozenset({Package.EF_30}),
    "3.1": frozenset({Package.EF_31}),
    "A2": frozenset({Package.EF_30, Package.EF_31}),
    "all": frozenset(Package),
}


def _rows() -> Iterator[Indicator]:
    for line in _TABLE.strip().splitlines():
        code, group, uuid, packages, ef_30, ef_31, unit, openepd = line.split()
        versions = {Package.EF_30: ef_30, Package.EF_31: ef_31}
        yield Indicator(
            code=code,
            group=Group(group),
            uuid=uuid,
            packages=_PACKAGES[packages],
            versions=MappingProxyType({package: one for package, one in versions.items() if one != "-"}),
            unit=UNITS[unit],
            openepd="" if openepd == "-" else openepd,
        )


INDICATORS: Final = tuple(_rows())
BY_UUID: Final[Mapping[str, Indicator]] = MappingProxyType({one.uuid: one for one in INDICATORS})


def codes(package: Package, *groups: Group) -> tuple[str, ...]:
    """The codes of a package in these groups, in the order of the standard."""
    return tuple(one.code for one in INDICATORS if package in one.packages and one.group in groups)


def indicator(code: str, package: Package) -> Indicator | None:
    """The indicator with this code in a package; None where it has none."""
    return next((one for one in INDICATORS if one.code == code and package in one.packages), None)
