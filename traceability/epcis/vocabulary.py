"""Words of the Core Business Vocabulary (CBV 2.0, ISO/IEC 19988) that EPCIS 2.0 documents use without a prefix."""

from typing import Final

EVENT_TYPES: Final = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
ACTIONS: Final = frozenset(("OBSERVE", "ADD", "DELETE"))
ERROR_REASONS: Final = frozenset(("did_not_occur", "incorrect_data"))
SOURCE_TYPES: Final = frozenset(("owning_party", "possessing_party", "location"))
ALERTS: Final = frozenset(("ALARM_CONDITION", "ERROR_CONDITION"))
BIZ_STEPS: Final = frozenset((
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
    "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying", "disassembling",
    "dispensing", "encoding", "entering_exiting", "holding", "inspecting", "installing", "killing", "loading",
    "other", "packing", "picking", "receiving", "removing", "repackaging", "repairing", "replacing",
    "reserving", "retail_selling", "sampling", "sensor_reporting", "shipping", "staging_outbound",
    "stock_taking", "stocking", "storing", "transporting", "unloading", "unpacking", "void_shipping",
))  # fmt: skip
"""What happened (CBV 7.1)."""
DISPOSITIONS: Final = frozenset((
    "active", "available", "completeness_inferred", "completeness_verified", "conformant", "container_closed",
    "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired", "in_progress",
    "in_transit", "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement",
    "no_pedigree_match", "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved",
    "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable",
    "unknown",
))  # fmt: skip
"""In which state things were left (CBV 7.2)."""
TRANSACTION_TYPES: Final = frozenset((
    "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd", "testres",
    "upevt",
))  # fmt: skip
"""Kinds of business documents (CBV 7.3)."""
COMPONENTS: Final = frozenset((
    "altitude", "axial_distance", "azimuth", "easting", "elevation_angle", "height", "latitude", "longitude",
    "northing", "polar_angle", "spherical_radius", "x", "y", "z",
))  # fmt: skip
"""Parts of a measured vector or place (CBV 7.8)."""
MEASUREMENTS: Final = frozenset((
    "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Altitude", "AmountOfSubstance",
    "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration", "AngularMomentum", "AngularVelocity",
    "Area", "Capacitance", "Conductance", "Conductivity", "Count", "Density", "Dimensionless", "DoseEquivalent",
    "DoseEquivalentRate", "DynamicViscosity", "ElectricCharge", "ElectricCurrent", "ElectricCurrentDensity",
    "ElectricFieldStrength", "Energy", "Exposure", "Force", "Frequency", "Illuminance", "Inductance",
    "Irradiance", "KinematicViscosity", "Length", "LinearMomentum", "Luminance", "LuminousFlux",
    "LuminousIntensity", "MagneticFlux", "MagneticFluxDensity", "MagneticVectorPotential", "Mass",
    "MassConcentration", "MassFlowRate", "MassPerAreaTime", "MemoryCapacity", "MolalityOfSolute", "MolarEnergy",
    "MolarMass", "MolarVolume", "Power", "Pressure", "RadiantFlux", "RadiantIntensity", "Radioactivity",
    "RelativeHumidity", "Resistance", "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity",
    "SurfaceTension", "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate", "VolumeFraction",
    "VolumetricFlux", "Wavenumber",
))  # fmt: skip
"""What sensors measure (GS1 web vocabulary, as EPCIS 2.0.0 names it)."""
