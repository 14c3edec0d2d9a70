/// An obligation or limit that comes with a licence: what rules can ask for instead of naming every licence.
package enum LicenseFlag: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Credit, notices or the licence text must be kept.
    case attribution
    case weakCopyleft = "weak-copyleft"
    case strongCopyleft = "strong-copyleft"
    case networkCopyleft = "network-copyleft"
    case nonCommercial = "non-commercial"
    case noDerivatives = "no-derivatives"
    case shareAlike = "share-alike"
    /// Use is restricted by purpose, and the restrictions flow down (RAIL).
    case useRestrictions = "use-restrictions"
    /// An acceptable-use policy of the vendor applies.
    case acceptableUsePolicy = "aup"
    /// Derived models must carry a name or a notice such as "Built with Llama".
    case naming
    /// Free only below a number of users or an amount of revenue.
    case userCap = "user-cap"
    /// The upstream hands it out only after its terms were accepted.
    case gatedAcceptance = "gated-acceptance"
    /// A family's name that does not say which licence of it.
    case familyAmbiguous = "family-ambiguous"
    /// The identifier says nothing about the terms.
    case noInformation = "no-information"

    /// What follows "licence x …" in a sentence.
    var predicate: String {
        switch self {
        case .attribution: "requires attribution"
        case .weakCopyleft: "is weak copyleft"
        case .strongCopyleft: "is strong copyleft"
        case .networkCopyleft: "is network copyleft"
        case .nonCommercial: "is non-commercial"
        case .noDerivatives: "allows no derivatives"
        case .shareAlike: "is share-alike"
        case .useRestrictions: "restricts use"
        case .acceptableUsePolicy: "has an acceptable-use policy"
        case .naming: "has a naming duty"
        case .userCap: "has a cap on users or revenue"
        case .gatedAcceptance: "has terms to accept at the upstream"
        case .familyAmbiguous: "names a family without saying which licence of it"
        case .noInformation: "says nothing about its terms"
        }
    }

    package static func < (left: LicenseFlag, right: LicenseFlag) -> Bool {
        left.rawValue < right.rawValue
    }
}
