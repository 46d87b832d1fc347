"""Names and kinds of the members of UNTP 0.7.0 credentials, as facts out of its published JSON Schemas.

Each class: `name:kind`, `!` where it has to be there, `[` before the kind of a list. A class with `=` has no others.
Source: UN/CEFACT spec-untp, tag v0.7.0 of 2026-05-04; product, facility and party as where they are only named.
"""

from typing import Final

CLASSES: Final = {
    "Address=": (
        "streetAddress!:text postalCode!:text addressLocality!:text addressRegion!:text addressCountry!:Country"
    ),
    "Claim": (
        "type:[text id!:uri name!:text description:text referenceCriteria!:[Criterion "
        "referenceRegulation:[Regulation referenceStandard:[Standard claimDate!:date applicablePeriod:Period "
        "claimedPerformance!:[Performance evidence:[Link conformityTopic!:[ConformityTopic"
    ),
    "Classification=": "code!:text name!:text definition:text schemeId!:uri schemeName!:text",
    "ConformityAssessment": (
        "type:[text id!:uri name!:text description:text assessmentCriteria!:[Criterion assessmentDate!:date "
        "assessedPerformance!:[Performance assessedProduct:[ProductVerification "
        "assessedFacility:[FacilityVerification assessedOrganisation:Party referenceStandard:[Standard "
        "referenceRegulation:[Regulation specifiedCondition:[text evidence:[Link conformityTopic!:[ConformityTopic "
        "conformance:flag"
    ),
    "ConformityAttestation": (
        "type:[text id!:uri name!:text description:text assessorLevel!:word assessmentLevel!:word "
        "attestationType!:word issuedToParty!:Party authorisation:[Endorsement referenceScheme!:ConformityScheme "
        "referenceProfile:ConformityProfile profileScore:Score conformityCertificate:Link auditableEvidence:Link "
        "trustmark:Image conformityAssessment:[ConformityAssessment"
    ),
    "ConformityProfile": "type:[text id!:uri name!:text",
    "ConformityScheme": "type:[text id!:uri name!:text",
    "ConformityTopic=": "type:[text id!:uri name!:text definition:text",
    "Coordinate=": "latitude!:number longitude!:number",
    "Country=": "countryCode!:text countryName:text",
    "CredentialIssuer": "type:[text id!:uri name!:text issuerAlsoKnownAs:[Party",
    "Criterion": "type:[text id!:uri name!:text",
    "Dimension": "weight:Measure length:Measure width:Measure height:Measure volume:Measure",
    "Endorsement": "name!:text trustmark:Image issuingAuthority!:Party endorsementEvidence:Link",
    "EventProduct=": "product!:Product quantity:Measure disposition:word",
    "Facility": (
        "type:[text id!:uri name!:text registeredId:text description:text idScheme:IdentifierScheme "
        "countryOfOperation:Country processCategory:[Classification relatedParty:[PartyRole relatedDocument:[Link "
        "facilityAlsoKnownAs:[Facility locationInformation:Location address:Address materialUsage:MaterialUsage "
        "performanceClaim:[Claim"
    ),
    "FacilityVerification": "facility!:Facility idVerifiedByCAB:flag",
    "IdentifierScheme=": "type:[text id!:uri name!:text",
    "Image=": "name!:text description:text imageData!:text mediaType!:text",
    "IssuingSoftware=": "id!:uri name!:text version!:text vendor!:IssuingSoftwareVendor",
    "IssuingSoftwareVendor=": "id!:uri name!:text",
    "Link=": "linkURL!:uri linkName!:text digestMultibase:text mediaType:text linkType:text",
    "Location": "plusCode:uri geoLocation:Coordinate geoBoundary:[Coordinate",
    "MakeEvent": (
        "type:[text id!:uri name!:text description:text eventDate!:moment sensorData:[SensorData "
        "relatedDocument:[Link activityType!:Classification relatedParty:[PartyRole inputProduct!:[EventProduct "
        "outputProduct!:[EventProduct madeAtFacility!:Facility"
    ),
    "Material": (
        "name!:text originCountry!:Country materialType!:Classification massFraction!:share mass:Measure "
        "recycledMassFraction:share hazardous:flag symbol:Image materialSafetyInformation:Link"
    ),
    "MaterialUsage=": "applicablePeriod:Period materialConsumed!:[Material",
    "Measure=": "value!:number upperTolerance:number lowerTolerance:number unit!:text",
    "ModifyEvent": (
        "type:[text id!:uri name!:text description:text eventDate!:moment sensorData:[SensorData "
        "relatedDocument:[Link activityType!:Classification relatedParty:[PartyRole modifiedProduct!:[EventProduct "
        "modifiedAtFacility!:Facility"
    ),
    "MoveEvent": (
        "type:[text id!:uri name!:text description:text eventDate!:moment sensorData:[SensorData "
        "relatedDocument:[Link activityType!:Classification relatedParty:[PartyRole movedProduct!:[EventProduct "
        "fromFacility!:Facility toFacility!:Facility consignmentId:uri"
    ),
    "Package": (
        "description!:text dimensions!:Dimension materialUsed!:[Material packageLabel:[Image performanceClaim:[Claim"
    ),
    "Party": (
        "type:[text id!:uri name!:text registeredId:text description:text idScheme:IdentifierScheme "
        "registrationCountry:Country partyAddress:Address organisationWebsite:uri industryCategory:[Classification "
        "partyAlsoKnownAs:[Party"
    ),
    "PartyRole=": "role!:word party!:Party",
    "Performance=": "metric:PerformanceMetric measure:Measure score:Score",
    "PerformanceMetric": "type:[text id!:uri name!:text",
    "Period=": "startDate!:date endDate!:date periodInformation:text",
    "Product": (
        "type:[text id!:uri name!:text modelNumber:text batchNumber:text itemNumber:text idGranularity:word "
        "description:text idScheme:IdentifierScheme productImage:Link characteristics:any "
        "productCategory:[Classification relatedDocument:[Link relatedParty:[PartyRole producedAtFacility:Facility "
        "productionDate:date expiryDate:date countryOfProduction:Country dimensions:Dimension "
        "materialProvenance:[Material packaging:Package productLabel:[Image performanceClaim:[Claim"
    ),
    "ProductVerification": "product!:Product idVerifiedByCAB:flag",
    "RegisteredIdentity": (
        "type:[text id!:uri registeredName!:text registeredId!:text registeredDate!:date publicInformation:uri "
        "idScheme!:IdentifierScheme registrar:Party registerType!:word registrationScope:[uri"
    ),
    "Regulation": "type:[text id!:uri name!:text",
    "RenderTemplate2024=": (
        "type:[text name:text mediaQuery:text template:text url:uri mediaType:text digestMultibase:text"
    ),
    "Score=": "code!:text rank:whole definition:text",
    "SensorData=": ("metric!:PerformanceMetric measure!:[Measure rawData:[Link sensor:Product geoLocation:Coordinate"),
    "Standard": "type:[text id!:uri name!:text",
}
WORDS: Final = {
    "ConformityAttestation.assessorLevel": "self commercial buyer membership unspecified 3rdParty hybrid",
    "ConformityAttestation.assessmentLevel": (
        "authority-benchmark authority-mandate authority-globalmra authority-peer authority-extended-mra "
        "scheme-self scheme-cab no-endorsement"
    ),
    "ConformityAttestation.attestationType": (
        "certification declaration inspection testing verification validation calibration"
    ),
    "EventProduct.disposition": "new inTransit active repaired recalled expired consumed recycled disposed",
    "PartyRole.role": (
        "owner producer manufacturer processor remanufacturer recycler operator serviceProvider inspector "
        "certifier logisticsProvider carrier consignor consignee importer exporter distributor retailer "
        "brandOwner regulator"
    ),
    "Product.idGranularity": "model batch item",
    "RegisteredIdentity.registerType": "product facility business trademark land accreditation",
}
SUBJECTS: Final = {
    "DigitalProductPassport": (
        "Product",
        "idScheme idGranularity productCategory producedAtFacility countryOfProduction",
    ),
    "DigitalTraceabilityEvent": ("[LifecycleEvent", ""),
    "DigitalFacilityRecord": (
        "Facility",
        "countryOfOperation processCategory locationInformation address",
    ),
    "DigitalConformityCredential": ("ConformityAttestation", ""),
    "DigitalIdentityAnchor": ("RegisteredIdentity", ""),
}
"""What each type of credential is about, and what this subject must have beside what its class says."""
